package io.inmesh.samples.bookinfo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Prometheus that scrapes as a configuration says, only more often. */
final class RealPrometheus implements AutoCloseable {
    /** A series and its value. */
    record Sample(Map<String, String> labels, double value) {
        String label(String name) {
            return labels.getOrDefault(name, "(none)");
        }
    }

    /** A trace that a bucket or counter names. */
    record Exemplar(String series, String traceId, String spanId) {}

    private final RealProcess process;

    private RealPrometheus(RealProcess process) {
        this.process = process;
    }

    /** Starts it with a copy of the configuration. */
    static RealPrometheus start(Path binaries, Path folder, Path configuration) {
        int port = RealProcess.freePorts(1).get(0);
        try {
            Files.createDirectories(folder);
            Path copy = folder.resolve("prometheus.yml");
            Files.writeString(copy, Files.readString(configuration).replace("interval: 5s", "interval: 500ms"));
            Path alerts = configuration.resolveSibling("alerts.yaml");
            Files.writeString(folder.resolve("alerts.yaml"), Files.readString(alerts));
            return new RealPrometheus(RealProcess.start(
                    folder,
                    List.of(
                            binaries.resolve("prometheus").toString(),
                            "--config.file=" + copy,
                            // Nothing of an earlier run.
                            "--storage.tsdb.path=" + Files.createTempDirectory(folder, "data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--enable-feature=exemplar-storage"),
                    Map.of(),
                    port,
                    "/-/ready"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an expression is now. */
    List<Sample> query(String expression) {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode sample : process.ask("/api/v1/query", "query", expression).at("/data/result")) {
            samples.add(new Sample(
                    labels(sample.get("metric")),
                    Double.parseDouble(sample.at("/value/1").asString())));
        }
        return samples;
    }

    /** The only value of an expression, 0 where there is none. */
    double number(String expression) {
        List<Sample> samples = query(expression);
        if (samples.size() > 1) {
            throw new AssertionError(expression + " has several values: " + samples);
        }
        return samples.isEmpty() ? 0 : samples.get(0).value();
    }

    /** The exemplars of the series of a selector. */
    List<Exemplar> exemplars(String selector) {
        List<Exemplar> exemplars = new ArrayList<>();
        JsonNode answer = process.ask("/api/v1/query_exemplars", "query", selector, "start", "0", "end", "9999999999");
        for (JsonNode series : answer.get("data")) {
            for (JsonNode exemplar : series.get("exemplars")) {
                exemplars.add(new Exemplar(
                        series.get("seriesLabels").toString(),
                        exemplar.at("/labels/trace_id").asString(),
                        exemplar.at("/labels/span_id").asString()));
            }
        }
        return exemplars;
    }

    /** The targets that are scraped: app and version, and what is wrong with them. */
    Map<String, String> targets() {
        Map<String, String> targets = new LinkedHashMap<>();
        for (JsonNode target : process.ask("/api/v1/targets").at("/data/activeTargets")) {
            targets.put(
                    target.at("/labels/app").asString() + " "
                            + target.at("/labels/version").asString(""),
                    target.get("health").asString() + target.get("lastError").asString());
        }
        return targets;
    }

    /** The alerting rules: name, health and state. */
    List<String> alerts() {
        List<String> alerts = new ArrayList<>();
        for (JsonNode group : process.ask("/api/v1/rules", "type", "alert").at("/data/groups")) {
            for (JsonNode rule : group.get("rules")) {
                alerts.add("%s %s %s"
                        .formatted(
                                rule.get("name").asString(),
                                rule.get("health").asString(),
                                rule.get("state").asString()));
            }
        }
        return alerts;
    }

    private static Map<String, String> labels(JsonNode metric) {
        Map<String, String> labels = new LinkedHashMap<>();
        metric.propertyStream()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString()));
        return labels;
    }

    @Override
    public void close() {
        process.close();
    }
}
