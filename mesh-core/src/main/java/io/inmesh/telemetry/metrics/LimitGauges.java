package io.inmesh.telemetry.metrics;

import io.inmesh.Mesh;
import io.inmesh.explain.LimitUse;
import io.inmesh.explain.LimitUse.Limited;
import io.inmesh.telemetry.metrics.CallMeters.ClusterName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Limits that rules set to what clusters let run at once, and how much of them is in use. Used by one thread at a time. */
final class LimitGauges {
    private final OwnMeters own;
    private final Tags common;
    private final int most;
    private final Mesh mesh;
    private final Map<Limit, List<Meter>> shown = new HashMap<>();

    /** What one pair of gauges is of. */
    private record Limit(String cluster, Limited limited) {}

    /** @param most how many limits are told; further ones are not */
    LimitGauges(OwnMeters own, Tags common, int most, Mesh mesh) {
        this.own = own;
        this.common = common;
        this.most = most;
        this.mesh = mesh;
    }

    /** Shows the limits that there are now and no others. */
    void refresh() {
        Map<String, List<LimitUse>> limits = mesh.limits();
        shown.entrySet().removeIf(entry -> {
            Limit limit = entry.getKey();
            boolean gone = limits.getOrDefault(limit.cluster, List.of()).stream()
                    .noneMatch(use -> use.limited() == limit.limited);
            if (gone) {
                entry.getValue().forEach(own::remove);
            }
            return gone;
        });
        limits.forEach((cluster, uses) -> uses.forEach(use -> {
            Limit limit = new Limit(cluster, use.limited());
            if (shown.size() < most || shown.containsKey(limit)) {
                shown.computeIfAbsent(limit, this::gauges);
            }
        }));
    }

    private List<Meter> gauges(Limit limit) {
        ClusterName name = ClusterName.of(limit.cluster);
        Tags tags = common.and(
                "service",
                name.host(),
                "port",
                String.valueOf(name.port()),
                "subset",
                TagValues.orNone(name.subset()),
                "limit",
                limit.limited.word());
        return List.of(
                gauge("mesh.client.limit", "How many a rule allows at once", tags, limit, LimitUse::most),
                gauge(
                        "mesh.client.limit.used",
                        "How many there are of what a rule limits",
                        tags,
                        limit,
                        LimitUse::inUse));
    }

    private Meter gauge(String name, String description, Tags tags, Limit limit, ToIntFunction<LimitUse> value) {
        return own.add(Gauge.builder(name, mesh, it -> value(it, limit, value))
                .description(description)
                .tags(tags)
                .register(own.registry()));
    }

    private static double value(Mesh mesh, Limit limit, ToIntFunction<LimitUse> value) {
        for (LimitUse use : mesh.limits(limit.cluster)) {
            if (use.limited() == limit.limited) {
                return value.applyAsInt(use);
            }
        }
        return Double.NaN;
    }
}
