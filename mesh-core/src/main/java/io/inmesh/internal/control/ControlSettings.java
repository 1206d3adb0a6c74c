package io.inmesh.internal.control;

import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.DnsResolver;
import io.inmesh.endpoint.WorkloadIdentity;
import java.time.Duration;

/**
 * What a control loop needs to know.
 *
 * @param self who is calling, which decides what short names mean
 * @param firstAnswerWait longest wait for the first answer of a source about something new
 * @param publishInterval shortest time from one snapshot to the next; zero for none
 * @param dnsTtl longest time between two lookups of a name
 * @param dnsLookupFamily which addresses of an answer are used
 * @param idleServices how long a service that only calls name is followed without a call
 * @param failFast whether a start fails when a source has no good configuration, instead of making do with what is good
 */
public record ControlSettings(
        WorkloadIdentity self,
        Duration firstAnswerWait,
        Duration publishInterval,
        DnsResolver dnsResolver,
        Duration dnsTtl,
        DnsLookupFamily dnsLookupFamily,
        Duration idleServices,
        boolean failFast) {
    private static final Duration LONGEST_MEMORY = Duration.ofMinutes(5);

    /** Refuses waits that make no sense. */
    public ControlSettings {
        if (firstAnswerWait.isNegative()) {
            throw new IllegalArgumentException("the wait for first answers is negative: " + firstAnswerWait);
        }
        if (publishInterval.isNegative()) {
            throw new IllegalArgumentException("the interval between snapshots is negative: " + publishInterval);
        }
        if (dnsTtl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("the time to live of DNS answers is below 1 s: " + dnsTtl);
        }
        if (idleServices.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("the time after which a service is idle is below 1 s: " + idleServices);
        }
    }

    /** Settings of a loop that does not start with bad rules and uses the addresses that Istio would. */
    public ControlSettings(
            WorkloadIdentity self,
            Duration firstAnswerWait,
            Duration publishInterval,
            DnsResolver dnsResolver,
            Duration dnsTtl,
            Duration idleServices) {
        this(self, firstAnswerWait, publishInterval, dnsResolver, dnsTtl, DnsLookupFamily.AUTO, idleServices, true);
    }

    /** How long a host that no source knows is not asked for again. */
    Duration memoryOfAbsence() {
        Duration half = idleServices.dividedBy(2);
        return half.compareTo(LONGEST_MEMORY) < 0 ? half : LONGEST_MEMORY;
    }
}
