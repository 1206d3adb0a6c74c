package io.inmesh.internal.control;

import io.inmesh.endpoint.DnsResolver;
import java.time.Duration;

/**
 * What a control loop needs to know.
 *
 * @param clusterDomain suffix of short names, {@code cluster.local}
 * @param firstAnswerWait longest wait for the first answer of a source about something new
 * @param publishInterval shortest time from one snapshot to the next; zero for none
 * @param dnsTtl longest time between two lookups of a name
 */
public record ControlSettings(
        String clusterDomain,
        Duration firstAnswerWait,
        Duration publishInterval,
        DnsResolver dnsResolver,
        Duration dnsTtl) {
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
    }
}
