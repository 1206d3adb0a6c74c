package io.inmesh.samples.bookinfo;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Jaeger, which takes traces by OTLP and keeps them in memory. */
final class RealJaeger implements AutoCloseable {
    /** A span as Jaeger has it; parent is null for the first of a trace. */
    record Span(String id, @Nullable String parent, String service, String name, long start, Map<String, String> tags) {
        String tag(String key) {
            return tags.getOrDefault(key, "(none)");
        }

        String kind() {
            return tag("span.kind");
        }
    }

    /** A trace, its spans by when they began. */
    record Trace(String id, List<Span> spans) {
        List<Span> children(Span parent) {
            return spans.stream()
                    .filter(span -> parent.id().equals(span.parent()))
                    .toList();
        }

        /** Spans so many levels below one. */
        List<Span> below(Span span, int depth) {
            return depth == 0
                    ? List.of(span)
                    : children(span).stream()
                            .flatMap(child -> below(child, depth - 1).stream())
                            .toList();
        }

        /** The only span of a kind that a service has made. */
        Span only(String service, String kind) {
            List<Span> found = spans.stream()
                    .filter(span ->
                            span.service().equals(service) && span.kind().equals(kind))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError("not one " + kind + " span of " + service + " in " + tree());
            }
            return found.get(0);
        }

        /** For people: a line for each span, with those that it caused indented. */
        String tree() {
            StringBuilder tree = new StringBuilder(id).append('\n');
            spans.stream()
                    .filter(span -> spans.stream().noneMatch(other -> other.id().equals(span.parent())))
                    .forEach(root -> append(tree, root, 1));
            return tree.toString();
        }

        private void append(StringBuilder tree, Span span, int depth) {
            tree.append("  ".repeat(depth))
                    .append(span.service() + " " + span.kind() + " " + span.name() + " " + span.tags())
                    .append('\n');
            children(span).forEach(child -> append(tree, child, depth + 1));
        }
    }

    private final RealProcess process;
    private final URI collector;

    private RealJaeger(RealProcess process, URI collector) {
        this.process = process;
        this.collector = collector;
    }

    static RealJaeger start(Path binaries, Path folder) {
        List<Integer> ports = RealProcess.freePorts(7);
        List<String> command =
                new ArrayList<>(List.of(binaries.resolve("jaeger").toString(), "--memory.max-traces=10000"));
        List<String> listeners = List.of(
                "query.http-server",
                "collector.otlp.http",
                "collector.otlp.grpc",
                "query.grpc-server",
                "collector.http-server",
                "collector.grpc-server",
                "admin.http");
        for (int i = 0; i < listeners.size(); i++) {
            command.add("--" + listeners.get(i) + ".host-port=127.0.0.1:" + ports.get(i));
        }
        return new RealJaeger(
                RealProcess.start(
                        folder, command, Map.of("COLLECTOR_OTLP_ENABLED", "true"), ports.get(0), "/api/services"),
                URI.create("http://127.0.0.1:" + ports.get(1)));
    }

    /** Where it takes traces. */
    URI collector() {
        return collector;
    }

    /** The traces that have a span of the service, the newest first. */
    List<Trace> traces(String service, int limit) {
        List<Trace> traces = new ArrayList<>();
        for (JsonNode trace : process.ask("/api/traces", "service", service, "limit", Integer.toString(limit))
                .path("data")) {
            traces.add(trace(trace));
        }
        return traces;
    }

    private static Trace trace(JsonNode trace) {
        List<Span> spans = new ArrayList<>();
        for (JsonNode span : trace.get("spans")) {
            Map<String, String> tags = new LinkedHashMap<>();
            for (JsonNode tag : span.get("tags")) {
                tags.put(tag.get("key").asString(), tag.get("value").asString());
            }
            JsonNode parent = span.at("/references/0/spanID");
            spans.add(new Span(
                    span.get("spanID").asString(),
                    parent.isMissingNode() ? null : parent.asString(),
                    trace.at("/processes/" + span.get("processID").asString() + "/serviceName")
                            .asString(),
                    span.get("operationName").asString(),
                    span.get("startTime").asLong(),
                    tags));
        }
        spans.sort(Comparator.comparingLong(Span::start));
        return new Trace(trace.get("traceID").asString(), List.copyOf(spans));
    }

    @Override
    public void close() {
        process.close();
    }
}
