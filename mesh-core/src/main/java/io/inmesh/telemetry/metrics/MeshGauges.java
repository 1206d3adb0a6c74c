package io.inmesh.telemetry.metrics;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.observe.SourceStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a mesh runs on, as gauges that ask it when they are read. Thread-safe. */
final class MeshGauges {
    private final OwnMeters own;
    private final Tags common;
    private final Mesh mesh;
    private final EndpointGauges endpoints;
    private final LimitGauges limits;
    private final Set<Tags> sources = new HashSet<>();

    /**
     * Makes the gauges of the mesh as a whole; those of sources and services come with {@link #refresh}.
     *
     * @param limit of how many services the endpoints are told, and how many limits of clusters
     */
    MeshGauges(OwnMeters own, Tags common, int limit, Mesh mesh, EjectionMeters ejections) {
        this.own = own;
        this.common = common;
        this.mesh = mesh;
        this.endpoints = new EndpointGauges(own, common, limit, ejections);
        this.limits = new LimitGauges(own, common, limit, mesh);
        gauge(
                "mesh.snapshot.generation",
                "Version of what is in force, one more with each change",
                Tags.empty(),
                it -> it.status().generation());
        age(
                "mesh.snapshot.age",
                "Time since what is in force was put in force",
                Tags.empty(),
                it -> it.status().publishedAt());
        for (Severity severity : Severity.values()) {
            gauge(
                    "mesh.config.problems",
                    "What is wrong with the configuration",
                    Tags.of("severity", severity.name().toLowerCase(Locale.ROOT)),
                    it -> problems(it, severity));
        }
        gauge(
                "mesh.client.attempts.active",
                "Attempts under way: sent, and their answer's body neither read to its end nor closed",
                Tags.empty(),
                it -> it.status().attempts().running());
        gauge(
                "mesh.client.attempts.long",
                "Attempts that have been under way for more than a minute",
                Tags.empty(),
                MeshGauges::longAttempts);
        own.add(FunctionCounter.builder(
                        "mesh.client.unclosed.bodies",
                        mesh,
                        it -> it.status().attempts().unclosedBodies())
                .description("Answers that were dropped without being closed, and garbage-collected")
                .tags(common)
                .register(own.registry()));
    }

    /** Takes in what there is now. */
    synchronized void refresh() {
        endpoints.show(mesh.services());
        limits.refresh();
        for (SourceStatus source : mesh.status().sources()) {
            Tags tags = Tags.of("source", source.name(), "kind", source.kind());
            if (sources.add(tags)) {
                gauge(
                        "mesh.source.current",
                        "1 while what the source said last is in force and is what its back end says now, else 0",
                        tags,
                        it -> isCurrent(it, source) ? 1 : 0);
                age(
                        "mesh.source.age",
                        "Time since the source last said something that was taken",
                        tags,
                        it -> same(it, source).map(SourceStatus::updatedAt).reduce(null, MeshGauges::earlier));
            }
        }
    }

    private void gauge(String name, String description, Tags tags, ToDoubleFunction<Mesh> value) {
        own.add(Gauge.builder(name, mesh, value)
                .description(description)
                .tags(common.and(tags))
                .register(own.registry()));
    }

    private void age(String name, String description, Tags tags, Since since) {
        own.add(TimeGauge.builder(name, mesh, TimeUnit.SECONDS, it -> seconds(since.at(it)))
                .description(description)
                .tags(common.and(tags))
                .register(own.registry()));
    }

    /** Since when something is as it is. */
    @FunctionalInterface
    private interface Since {
        /** Null before the first time. */
        @Nullable
        Instant at(Mesh mesh);
    }

    private double seconds(@Nullable Instant since) {
        return since == null
                ? Double.NaN
                : Duration.between(
                                        since,
                                        Instant.ofEpochMilli(
                                                own.registry().config().clock().wallTime()))
                                .toNanos()
                        / 1e9;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    private static double problems(Mesh mesh, Severity severity) {
        return mesh.status().problems().stream()
                .filter(problem -> problem.severity() == severity)
                .count();
    }

    private static double longAttempts(Mesh mesh) {
        return mesh.status().attempts().olderThanAMinute().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** A source that is gone is not. */
    private static boolean isCurrent(Mesh mesh, SourceStatus source) {
        List<SourceStatus> known = same(mesh, source).toList();
        return !known.isEmpty() && known.stream().allMatch(SourceStatus::current);
    }

    private static Stream<SourceStatus> same(Mesh mesh, SourceStatus source) {
        List<SourceStatus> sources = mesh.status().sources();
        return sources.stream()
                .filter(it -> it.name().equals(source.name()) && it.kind().equals(source.kind()));
    }
}
