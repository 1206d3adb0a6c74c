package io.inmesh.internal.snapshot;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.route.HostNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which services a caller sees, one for each name. Remembers unions, so that the same parts give the same object. */
final class VisibleServices {
    private final String viewer;
    private Map<String, Union> unions = Map.of();

    /** Several descriptions of one service in one namespace, and what they add up to. */
    private record Union(List<ServiceEndpoints> parts, ServiceEndpoints sum) {
        boolean isOf(List<ServiceEndpoints> others) {
            if (parts.size() != others.size()) {
                return false;
            }
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Sees what the namespace {@code viewer} sees. */
    VisibleServices(String viewer) {
        this.viewer = viewer;
    }

    /**
     * Services by name, in their order; of two namespaces with one name the viewer's, else the first. Services that are
     * absent are left out.
     */
    Map<String, ServiceEndpoints> of(List<ServiceEndpoints> services) {
        Map<String, ServiceEndpoints> visible = new LinkedHashMap<>(2 * services.size());
        Map<String, List<ServiceEndpoints>> parts = new LinkedHashMap<>();
        List<ServiceEndpoints> byName = new ArrayList<>();
        for (ServiceEndpoints service : services) {
            if (service.state() == ServiceEndpoints.State.ABSENT
                    || !HostNames.isVisible(service.exportTo(), service.namespace(), viewer)) {
                continue;
            }
            if (service.state() == ServiceEndpoints.State.BY_NAME) {
                byName.add(service);
                continue;
            }
            String name = service.service().host();
            ServiceEndpoints known = visible.get(name);
            if (known == null || isOwn(service) && !isOwn(known)) {
                visible.put(name, service);
                parts.remove(name);
            } else if (known.namespace().equals(service.namespace()) && !isAlias(known) && !isAlias(service)) {
                parts.computeIfAbsent(name, n -> new ArrayList<>(List.of(known)))
                        .add(service);
            }
        }
        Map<String, Union> next = new HashMap<>();
        parts.forEach((name, several) -> next.put(name, union(unions.get(name), several)));
        next.forEach((name, union) -> visible.put(name, union.sum()));
        unions = next;
        // Whoever cannot see a service does not hide what others see of it.
        byName.forEach(service -> visible.putIfAbsent(service.service().host(), service));
        return visible;
    }

    private static boolean isAlias(ServiceEndpoints service) {
        return service.state() == ServiceEndpoints.State.ALIAS;
    }

    private boolean isOwn(ServiceEndpoints service) {
        return service.namespace().equals(viewer);
    }

    private static Union union(@Nullable Union known, List<ServiceEndpoints> parts) {
        if (known != null && known.isOf(parts)) {
            return known;
        }
        return new Union(parts, parts.stream().reduce(VisibleServices::sum).orElseThrow());
    }

    /** Two descriptions of one service in one namespace add up (Istio merges such ServiceEntries). */
    private static ServiceEndpoints sum(ServiceEndpoints first, ServiceEndpoints second) {
        List<ServicePort> ports = new ArrayList<>(first.ports());
        second.ports().stream()
                .filter(port -> ports.stream().noneMatch(known -> known.number() == port.number()))
                .forEach(ports::add);
        Map<Integer, List<Endpoint>> endpoints = new HashMap<>(first.endpoints());
        second.endpoints()
                .forEach((port, added) -> endpoints.merge(port, added, (a, b) -> {
                    List<Endpoint> both = new ArrayList<>(a);
                    both.addAll(b);
                    return both;
                }));
        List<String> addresses = new ArrayList<>(first.addresses());
        second.addresses().stream().filter(a -> !addresses.contains(a)).forEach(addresses::add);
        return first.toBuilder()
                .addresses(addresses)
                .ports(ports)
                .endpoints(endpoints)
                .namedInstances(first.namedInstances() || second.namedInstances())
                .build();
    }
}
