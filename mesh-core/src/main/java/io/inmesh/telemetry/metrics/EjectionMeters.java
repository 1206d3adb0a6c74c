package io.inmesh.telemetry.metrics;

import io.inmesh.event.Ejection;
import io.inmesh.telemetry.metrics.CallMeters.ClusterName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ejections by service and reason, and who is ejected now. Thread-safe. */
final class EjectionMeters {
    private final OwnMeters own;
    private final Tags common;
    private final int limit;

    /** Those that are not over, by service. */
    private final Map<String, Set<Ejection>> lasting = new ConcurrentHashMap<>();

    /** Services that have counters of their own. */
    private final Set<String> toldApart = ConcurrentHashMap.newKeySet();

    /** @param limit how many services are told apart */
    EjectionMeters(OwnMeters own, Tags common, int limit) {
        this.own = own;
        this.common = common;
        this.limit = limit;
    }

    void ejected(Ejection ejection) {
        String service = ClusterName.of(ejection.cluster()).host();
        lasting.compute(service, (any, known) -> {
            Set<Ejection> ejections = known == null ? ConcurrentHashMap.newKeySet() : known;
            ejections.add(ejection);
            return ejections;
        });
        if (!toldApart.contains(service) && toldApart.size() < limit) {
            toldApart.add(service);
        }
        own.add(Counter.builder("mesh.client.ejections")
                        .description("Endpoints that were given no calls for a while because calls to them failed")
                        .tags(common.and(
                                "service",
                                toldApart.contains(service) ? service : TagValues.OTHER,
                                "reason",
                                ejection.reason().id()))
                        .register(own.registry()))
                .increment();
    }

    void readmitted(Ejection ejection) {
        lasting.computeIfPresent(ClusterName.of(ejection.cluster()).host(), (service, ejections) -> {
            ejections.remove(ejection);
            return ejections.isEmpty() ? null : ejections;
        });
    }

    /** Endpoints of a service that some cluster has ejected; each once. */
    long ejected(String service) {
        return lasting.getOrDefault(service, Set.of()).stream()
                .map(ejection -> ejection.endpoint().hostPort())
                .distinct()
                .count();
    }
}
