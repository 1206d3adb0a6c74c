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
 * @param balancingWindow how long balancers let changes of health come together after one that they followed; zero for not
 *     at all
 * @param failFast whether a start fails when a source has no good configuration, instead of making do with what is good
 */
public record ControlSettings(
        SubscriptionSettings subscriptions,
        DnsSettings dns,
        Duration publishInterval,
        Duration balancingWindow,
        boolean failFast) {
    /** Refuses durations that make no sense. */
    public ControlSettings {
        if (publishInterval.isNegative()) {
            throw new IllegalArgumentException("the interval between snapshots is negative: " + publishInterval);
        }
        if (balancingWindow.isNegative()) {
            throw new IllegalArgumentException("the window for changes of health is negative: " + balancingWindow);
        }
    }

    /** Longest wait for the first answer of a source about something new. */
    Duration firstAnswerWait() {
        return subscriptions.firstAnswerWait();
    }
}
