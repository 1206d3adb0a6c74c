package io.inmesh.telemetry.metrics;

import io.inmesh.event.ResponseFlag;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
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
    static CodeTable<IstioSeries> byCode(MeterRegistry registry, Tags edge) {
        return new CodeTable<>(
                CODES_OF_AN_EDGE,
                (status, flag) -> of(
                        registry,
                        edge.and(
                                "response_code",
                                code(status, flag),
                                "response_flags",
                                flag == null ? "-" : flag.name())));
    }

    private static IstioSeries of(MeterRegistry registry, Tags labels) {
        return new IstioSeries(
                Counter.builder("istio.requests")
                        .description("Requests, as Istio counts them")
                        .tags(labels)
                        .register(registry),
                summary(
                        registry,
                        "istio.request.duration",
                        "milliseconds",
                        "Time of requests, as Istio measures it",
                        labels),
                summary(registry, "istio.request.bytes", "bytes", "Bytes of requests' bodies", labels),
                summary(registry, "istio.response.bytes", "bytes", "Bytes of answers' bodies", labels));
    }

    private static DistributionSummary summary(
            MeterRegistry registry, String name, String unit, String description, Tags labels) {
        return DistributionSummary.builder(name)
                .description(description)
                .baseUnit(unit)
                .serviceLevelObjectives(BUCKETS)
                .tags(labels)
                .register(registry);
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

    /** So much was sent and received for it. */
    void bytes(long sent, long received) {
        bytesSent.record(sent);
        bytesReceived.record(received);
    }
}
