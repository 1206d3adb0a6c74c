package io.inmesh.telemetry.metrics;

import io.inmesh.event.ResponseFlag;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Istio's four metrics of requests with one set of labels (Istio: reference/config/metrics).
 *
 * @param bytesSent of requests' bodies
 * @param bytesReceived of answers' bodies
 */
record IstioSeries(
        Counter requests,
        DistributionSummary millis,
        DistributionSummary bytesSent,
        DistributionSummary bytesReceived) {
    /** How many ends of requests between the same workloads are told apart, by status and flag. */
    static final int CODES_OF_AN_EDGE = 50;

    private static final double NANOS_PER_MILLISECOND = 1e6;

    /** Bounds of Istio's buckets, of times as of bytes (Istio: the proxy's default histogram of its stats). */
    private static final double[] BUCKETS = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
        3_600_000
    };

    /** What of a set of labels does not depend on how a request ends, and what does, by status and flag. */
    static CodeTable<IstioSeries> byCode(OwnMeters own, Tags edge) {
        return new CodeTable<>(
                CODES_OF_AN_EDGE,
                (status, flag) -> of(
                        own,
                        edge.and(
                                "response_code",
                                code(status, flag),
                                "response_flags",
                                flag == null ? "-" : flag.name())));
    }

    private static IstioSeries of(OwnMeters own, Tags labels) {
        return new IstioSeries(
                own.add(Counter.builder("istio.requests")
                        .description("Requests, as Istio counts them")
                        .tags(labels)
                        .register(own.registry())),
                summary(
                        own,
                        "istio.request.duration",
                        "milliseconds",
                        "Time of requests, as Istio measures it",
                        labels),
                summary(own, "istio.request.bytes", "bytes", "Bytes of requests' bodies", labels),
                summary(own, "istio.response.bytes", "bytes", "Bytes of answers' bodies", labels));
    }

    private static DistributionSummary summary(
            OwnMeters own, String name, String unit, String description, Tags labels) {
        return own.add(DistributionSummary.builder(name)
                .description(description)
                .baseUnit(unit)
                .serviceLevelObjectives(BUCKETS)
                .tags(labels)
                .register(own.registry()));
    }

    /** What a sidecar would have answered where there was no answer; 0 as in Envoy where nobody is there any more. */
    private static String code(int status, @Nullable ResponseFlag flag) {
        if (status == CodeTable.OTHER_STATUS) {
            return Workload.UNKNOWN;
        }
        return Integer.toString(status > 0 || flag == null ? status : flag.status());
    }

    /** A request has ended. */
    void count(long nanos) {
        requests.increment();
        millis.record(nanos / NANOS_PER_MILLISECOND);
    }

    /** So much was sent and received for it; what is below 0 is not known. */
    void bytes(long sent, long received) {
        if (sent >= 0) {
            bytesSent.record(sent);
        }
        if (received >= 0) {
            bytesReceived.record(received);
        }
    }
}
