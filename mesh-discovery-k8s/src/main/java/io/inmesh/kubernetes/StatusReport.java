package io.inmesh.kubernetes;

import io.inmesh.kubernetes.KubernetesStatus.ServiceState;
import io.inmesh.kubernetes.KubernetesStatus.State;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.table.TableStatus;
import io.inmesh.kubernetes.internal.table.TableStatus.Source;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a table tells of itself, in words for people. */
final class StatusReport {
    private StatusReport() {}

    static KubernetesStatus of(TableStatus table, Instant now) {
        List<ReflectorStatus> needed = table.watches().stream()
                .filter(watch -> !watch.spare())
                .map(TableStatus.Watch::status)
                .toList();
        Map<String, ServiceState> services = new TreeMap<>();
        table.services().forEach((name, source) -> services.put(name, state(source)));
        return new KubernetesStatus(
                state(table, needed),
                WatchStatus.age(needed, now),
                table.watches().stream()
                        .map(watch -> WatchStatus.of(watch.status()))
                        .sorted(Comparator.comparing(KubernetesStatus.Watch::selection))
                        .toList(),
                services,
                table.problems());
    }

    private static State state(TableStatus table, List<ReflectorStatus> needed) {
        if (needed.stream().allMatch(StatusReport::stands)) {
            return State.LIVE;
        }
        if (needed.stream().anyMatch(ReflectorStatus::synced)) {
            // What was refused from the start has left nothing old behind: the problems tell what is missing.
            if (needed.stream().allMatch(watch -> stands(watch) || refusedFromTheStart(watch))) {
                return State.LIVE;
            }
            boolean beginning = needed.stream().noneMatch(WatchStatus::isStale)
                    && needed.stream().allMatch(watch -> watch.lastFailure().isEmpty());
            return beginning ? State.STARTING : State.STALE;
        }
        if (table.services().containsValue(Source.SNAPSHOT)) {
            return State.FROM_SNAPSHOT;
        }
        return table.services().containsValue(Source.BY_NAME) ? State.BY_NAME : State.STARTING;
    }

    private static boolean stands(ReflectorStatus watch) {
        return watch.synced() && !WatchStatus.isStale(watch);
    }

    private static boolean refusedFromTheStart(ReflectorStatus watch) {
        return !watch.synced() && watch.state() == ReflectorStatus.State.REFUSED;
    }

    private static ServiceState state(Source source) {
        return switch (source) {
            case WAITING -> ServiceState.WAITING;
            case LIVE -> ServiceState.LIVE;
            case SNAPSHOT -> ServiceState.FROM_SNAPSHOT;
            case BY_NAME -> ServiceState.BY_NAME;
            case ABSENT -> ServiceState.ABSENT;
        };
    }
}
