package io.inmesh.internal.control;

import io.inmesh.internal.serviceentry.DnsSettings;
import io.inmesh.internal.subscription.SubscriptionSettings;
import java.time.Duration;

/**
 * What a control loop needs to know.
 *
 * @param subscriptions how endpoint sources are asked
 * @param dns how names of ServiceEntries are resolved
 * @param publishInterval shortest time from one snapshot to the next; zero for none
 * @param failFast whether a start fails when a source has no good configuration, instead of making do with what is good
 */
public record ControlSettings(
        SubscriptionSettings subscriptions, DnsSettings dns, Duration publishInterval, boolean failFast) {
    /** Refuses an interval that makes no sense. */
    public ControlSettings {
        if (publishInterval.isNegative()) {
            throw new IllegalArgumentException("the interval between snapshots is negative: " + publishInterval);
        }
    }

    /** Longest wait for the first answer of a source about something new. */
    Duration firstAnswerWait() {
        return subscriptions.firstAnswerWait();
    }
}
