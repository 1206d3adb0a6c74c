package io.inmesh.internal.subscription;

import io.inmesh.endpoint.WorkloadIdentity;
import java.time.Duration;

/**
 * What decides which services are followed, and for how long something is waited for.
 *
 * @param self who is calling, which decides what short names mean
 * @param firstAnswerWait longest wait for the first answer of a source about something new
 * @param idleServices how long a service that only calls name is followed without a call
 * @param allLabels whether labels of endpoints are asked for where no rule has subsets, too
 */
public record SubscriptionSettings(
        WorkloadIdentity self, Duration firstAnswerWait, Duration idleServices, boolean allLabels) {
    private static final Duration LONGEST_MEMORY = Duration.ofMinutes(5);

    /** Labels are asked for where rules have subsets. */
    public SubscriptionSettings(WorkloadIdentity self, Duration firstAnswerWait, Duration idleServices) {
        this(self, firstAnswerWait, idleServices, false);
    }

    /** Refuses waits that make no sense. */
    public SubscriptionSettings {
        if (firstAnswerWait.isNegative()) {
            throw new IllegalArgumentException("the wait for first answers is negative: " + firstAnswerWait);
        }
        if (idleServices.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("the time after which a service is idle is below 1 s: " + idleServices);
        }
    }

    /** How long a host that no source knows is not asked for again. */
    Duration memoryOfAbsence() {
        Duration half = idleServices.dividedBy(2);
        return half.compareTo(LONGEST_MEMORY) < 0 ? half : LONGEST_MEMORY;
    }
}
