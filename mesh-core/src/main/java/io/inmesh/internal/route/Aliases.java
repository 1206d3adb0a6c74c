package io.inmesh.internal.route;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Services that are other names of a service or host. An alias may lead to an alias; one that leads back to itself leads
 * nowhere. Immutable.
 */
public final class Aliases {
    private final Map<String, ServiceEndpoints> byName = new HashMap<>();
    private final Map<String, List<ServiceEndpoints>> byEnd = new HashMap<>();

    /** Takes the aliases among services; of two with one name the first. */
    public Aliases(Collection<ServiceEndpoints> services) {
        Map<String, ServiceEndpoints> inOrder = new LinkedHashMap<>();
        for (ServiceEndpoints service : services) {
            if (service.state() == ServiceEndpoints.State.ALIAS) {
                inOrder.putIfAbsent(service.service().host(), service);
            }
        }
        byName.putAll(inOrder);
        inOrder.forEach((name, alias) -> {
            String end = end(name);
            if (end != null) {
                byEnd.computeIfAbsent(end, any -> new ArrayList<>()).add(alias);
            }
        });
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Whether a full name is an alias. */
    public boolean isAlias(String host) {
        return byName.containsKey(host);
    }

    /** What a name leads to in the end, itself when it is no alias; null when it leads back to itself. */
    public @Nullable String end(String host) {
        List<String> chain = chain(host);
        String last = chain.get(chain.size() - 1);
        return byName.containsKey(last) ? null : last;
    }

    /** The names from one to what it leads to in the end, or to the first that comes again. */
    public List<String> chain(String host) {
        Set<String> chain = new LinkedHashSet<>();
        List<String> names = new ArrayList<>();
        String name = host;
        while (name != null) {
            names.add(name);
            ServiceEndpoints alias = chain.add(name) ? byName.get(name) : null;
            ServiceName target = alias == null ? null : alias.target();
            name = target == null ? null : target.host();
        }
        return names;
    }

    /** The aliases that lead to a name in the end, in the order of the services. */
    public List<ServiceEndpoints> of(String end) {
        return byEnd.getOrDefault(end, List.of());
    }
}
