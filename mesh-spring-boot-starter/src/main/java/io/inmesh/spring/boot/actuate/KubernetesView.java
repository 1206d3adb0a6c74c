package io.inmesh.spring.boot.actuate;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesStatus;
import io.inmesh.kubernetes.KubernetesStatus.ServiceState;
import io.inmesh.kubernetes.KubernetesStatus.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Shows the sources that read from Kubernetes; asks them anew each time. */
final class KubernetesView implements ClusterView {
    private static final Set<State> DEGRADED = Set.of(State.STALE, State.FROM_SNAPSHOT, State.BY_NAME);
    private static final Set<String> STANDING = Set.of("WATCHING", "CLOSED");

    private final Supplier<@Nullable KubernetesStatus> endpoints;
    private final Supplier<@Nullable KubernetesStatus> rules;

    KubernetesView(ObjectProvider<KubernetesEndpointSource> endpoints, ObjectProvider<KubernetesConfigSource> rules) {
        this.endpoints = () -> {
            KubernetesEndpointSource source = endpoints.getIfUnique();
            return source == null ? null : source.status();
        };
        this.rules = () -> {
            KubernetesConfigSource source = rules.getIfUnique();
            return source == null ? null : source.status();
        };
    }

    /** Shows what is given. */
    KubernetesView(Supplier<@Nullable KubernetesStatus> endpoints, Supplier<@Nullable KubernetesStatus> rules) {
        this.endpoints = endpoints;
        this.rules = rules;
    }

    @Override
    public boolean degraded() {
        return degraded(endpoints.get()) || degraded(rules.get());
    }

    private static boolean degraded(@Nullable KubernetesStatus status) {
        return status != null && DEGRADED.contains(status.state());
    }

    @Override
    public Map<String, Object> health() {
        return both(KubernetesView::briefly);
    }

    @Override
    public Map<String, Object> status() {
        return both(KubernetesView::whole);
    }

    @Override
    public Map<String, Object> endpoints() {
        KubernetesStatus status = endpoints.get();
        return status == null ? Map.of() : whole(status);
    }

    @Override
    public Map<String, Object> service(ServiceName service) {
        KubernetesStatus status = endpoints.get();
        ServiceState state = status == null ? null : status.services().get(service.host());
        if (status == null || state == null) {
            return Map.of();
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("state", Described.lower(state));
        Described.put(map, "tableAgeMs", age(status));
        return map;
    }

    private Map<String, Object> both(Function<KubernetesStatus, Map<String, Object>> shown) {
        Map<String, Object> map = new LinkedHashMap<>();
        KubernetesStatus ofEndpoints = endpoints.get();
        KubernetesStatus ofRules = rules.get();
        Described.put(map, "endpoints", ofEndpoints == null ? null : shown.apply(ofEndpoints));
        Described.put(map, "rules", ofRules == null ? null : shown.apply(ofRules));
        return map;
    }

    private static Map<String, Object> briefly(KubernetesStatus status) {
        Map<String, Object> map = head(status);
        Map<String, Object> notStanding = new TreeMap<>();
        // While all is well, what does not stand is not missed: resources that the server does not have.
        status.watches().stream()
                .filter(watch -> degraded(status) && !STANDING.contains(watch.state()))
                .forEach(watch -> notStanding.put(
                        watch.selection(),
                        word(watch.state()) + (watch.lastFailure().isEmpty() ? "" : ": " + watch.lastFailure())));
        Described.putAll(map, "notStanding", notStanding);
        return map;
    }

    private static Map<String, Object> whole(KubernetesStatus status) {
        Map<String, Object> map = head(status);
        map.put("watches", status.watches().stream().map(KubernetesView::watch).toList());
        return map;
    }

    private static Map<String, Object> head(KubernetesStatus status) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("state", Described.lower(status.state()));
        Described.put(map, "tableAgeMs", age(status));
        Described.put(map, "problems", status.problems().isEmpty() ? null : status.problems());
        return map;
    }

    private static @Nullable Long age(KubernetesStatus status) {
        return status.tableAge() == null ? null : status.tableAge().toMillis();
    }

    private static Map<String, Object> watch(KubernetesStatus.Watch watch) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("selection", watch.selection());
        map.put("state", word(watch.state()));
        Described.put(
                map,
                "confirmedAt",
                watch.confirmedAt() == null ? null : watch.confirmedAt().toString());
        map.put("resourceVersion", watch.resourceVersion());
        map.put("objects", watch.objects());
        Described.put(map, "lastFailure", watch.lastFailure().isEmpty() ? null : watch.lastFailure());
        map.put("counts", new TreeMap<>(watch.counts()));
        return map;
    }

    private static String word(String state) {
        return state.toLowerCase(java.util.Locale.ROOT);
    }
}
