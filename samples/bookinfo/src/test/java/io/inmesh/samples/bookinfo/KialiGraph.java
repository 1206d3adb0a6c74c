package io.inmesh.samples.bookinfo;

import io.inmesh.samples.bookinfo.RealPrometheus.Sample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What Kiali's graph of a namespace asks Prometheus, and which edges it draws from the answers (kiali/kiali:
 * graph/telemetry/istio/istio.go).
 */
final class KialiGraph {
    private static final String GROUP_BY = "source_workload_namespace,source_workload,source_canonical_service,"
            + "source_canonical_revision,destination_service_namespace,destination_service,destination_service_name,"
            + "destination_workload_namespace,destination_workload,destination_canonical_service,"
            + "destination_canonical_revision,request_protocol,response_code,grpc_response_status,response_flags";

    /** Kiali leaves out a series that lacks one of these; the label of gRPC may be missing. */
    private static final List<String> NEEDED = Stream.of(GROUP_BY.split(",", -1))
            .filter(label -> !label.equals("grpc_response_status"))
            .toList();

    private final RealPrometheus prometheus;
    private final String namespace;

    KialiGraph(RealPrometheus prometheus, String namespace) {
        this.prometheus = prometheus;
        this.namespace = namespace;
    }

    /** Of sources that Istio does not know, such as a browser: told by the destination. */
    List<Sample> fromUnknownSources() {
        return ask("reporter=\"destination\",source_workload=\"unknown\",destination_workload_namespace=\"%s\"");
    }

    /** From other namespaces. */
    List<Sample> fromOtherNamespaces() {
        return ask("reporter=\"source\",source_workload_namespace!=\"%s\",source_workload!=\"unknown\","
                + "destination_service_namespace=\"%<s\"");
    }

    /** Of sources in the namespace. */
    List<Sample> fromWithin() {
        return ask("reporter=\"source\",source_workload_namespace=\"%s\"");
    }

    private List<Sample> ask(String selector) {
        return prometheus.query(
                "sum(rate(istio_requests_total{%s} [60s])) by (%s)".formatted(selector.formatted(namespace), GROUP_BY));
    }

    /** Requests a second by source and destination, of the kind of graph that has a node for each version. */
    static Map<String, Double> edges(List<Sample> samples) {
        Map<String, Double> edges = new TreeMap<>();
        for (Sample sample : samples) {
            List<String> missing = NEEDED.stream()
                    .filter(label -> !sample.labels().containsKey(label))
                    .toList();
            if (!missing.isEmpty()) {
                throw new AssertionError("Kiali would skip " + sample + " for want of " + missing);
            }
            String edge = node(sample, "source") + " -> " + node(sample, "destination");
            edges.merge(edge, sample.value(), Double::sum);
        }
        return edges;
    }

    private static String node(Sample sample, String side) {
        return sample.label(side + "_canonical_service") + " " + sample.label(side + "_canonical_revision");
    }
}
