package io.inmesh.telemetry.metrics;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** How many endpoints each service has in each state. Used by one thread at a time. */
final class EndpointGauges {
    private static final String DESCRIPTION =
            "Endpoints of a service, as discovery tells them, and those of them that calls have shown to fail";

    private final OwnMeters own;
    private final Tags common;
    private final int limit;
    private final EjectionMeters ejections;
    private final Map<String, Shown> byService = new HashMap<>();

    /** Of those beyond the limit, null while there are none. */
    private @Nullable Shown others;

    /** Gauges of one service, with what they were last counted from. */
    private static final class Shown {
        private final AtomicIntegerArray counts = new AtomicIntegerArray(Condition.values().length);
        private final List<Meter> meters = new ArrayList<>();
        private List<ServiceEndpoints> last = List.of();

        void show(int[] now) {
            for (int state = 0; state < now.length; state++) {
                counts.set(state, now[state]);
            }
        }
    }

    EndpointGauges(OwnMeters own, Tags common, int limit, EjectionMeters ejections) {
        this.own = own;
        this.common = common;
        this.limit = limit;
        this.ejections = ejections;
    }

    /** Shows these services and no others. */
    void show(List<ServiceEndpoints> services) {
        Set<String> seen = new HashSet<>();
        int[] beyond = new int[Condition.values().length];
        byHost(services).forEach((name, parts) -> {
            Shown known = byService.get(name);
            if (known == null && byService.size() >= limit) {
                add(count(parts), beyond);
                return;
            }
            Shown shown = known == null ? register(name) : known;
            seen.add(name);
            // Most of a large table is as it was.
            if (!areSame(shown.last, parts)) {
                shown.last = parts;
                shown.show(count(parts));
            }
        });
        showOthers(beyond);
        byService.entrySet().removeIf(entry -> {
            boolean gone = !seen.contains(entry.getKey());
            if (gone) {
                entry.getValue().meters.forEach(own::remove);
            }
            return gone;
        });
    }

    /** Several objects may tell of one host, such as two ServiceEntries. */
    private static Map<String, List<ServiceEndpoints>> byHost(List<ServiceEndpoints> services) {
        Map<String, List<ServiceEndpoints>> byHost = new LinkedHashMap<>();
        for (ServiceEndpoints service : services) {
            if (service.state() == ServiceEndpoints.State.ENDPOINTS) {
                byHost.computeIfAbsent(service.service().host(), name -> new ArrayList<>(1))
                        .add(service);
            }
        }
        return byHost;
    }

    /** Not whether they are equal, which takes longer than to count. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean areSame(List<ServiceEndpoints> some, List<ServiceEndpoints> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (some.get(i) != others.get(i)) {
                return false;
            }
        }
        return true;
    }

    private void showOthers(int[] beyond) {
        boolean any = add(beyond, new int[beyond.length]) > 0;
        if (others != null && !any) {
            others.meters.forEach(own::remove);
            others = null;
        } else if (any) {
            others = others == null ? registered(TagValues.OTHER) : others;
            others.show(beyond);
        }
    }

    private Shown register(String service) {
        Shown shown = registered(service);
        byService.put(service, shown);
        return shown;
    }

    private Shown registered(String service) {
        Shown shown = new Shown();
        for (Condition state : Condition.values()) {
            shown.meters.add(own.add(Gauge.builder("mesh.endpoints", shown, it -> it.counts.get(state.ordinal()))
                    .description(DESCRIPTION)
                    .tags(common.and("service", service, "state", state.name().toLowerCase(Locale.ROOT)))
                    .register(own.registry())));
        }
        shown.meters.add(own.add(Gauge.builder("mesh.endpoints", ejections, it -> it.ejected(service))
                .description(DESCRIPTION)
                .tags(common.and("service", service, "state", "ejected"))
                .register(own.registry())));
        return shown;
    }

    /** By ordinal of the state; what serves several ports counts once. */
    private static int[] count(List<ServiceEndpoints> parts) {
        int[] counts = new int[Condition.values().length];
        for (ServiceEndpoints service : parts) {
            Set<String> ids = service.endpoints().size() > 1 ? new HashSet<>() : null;
            for (List<Endpoint> endpoints : service.endpoints().values()) {
                for (Endpoint endpoint : endpoints) {
                    if (ids == null || ids.add(endpoint.id())) {
                        counts[endpoint.condition().ordinal()]++;
                    }
                }
            }
        }
        return counts;
    }

    private static int add(int[] some, int[] sums) {
        int all = 0;
        for (int state = 0; state < some.length; state++) {
            sums[state] += some[state];
            all += some[state];
        }
        return all;
    }
}
