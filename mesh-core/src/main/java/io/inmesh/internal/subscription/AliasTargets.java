package io.inmesh.internal.subscription;

import io.inmesh.endpoint.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What aliases lead to, in force: an alias that is pointed elsewhere keeps its target until sources have answered about the
 * next one, so that no call meets a target of which nothing is known yet. Control thread only.
 */
final class AliasTargets {
    private Map<ServiceName, ServiceName> inForce = Map.of();

    /**
     * Takes in what sources tell.
     *
     * @param told what each alias leads to
     * @param awaited whether sources have yet to answer about a service
     * @return what holds; the same object until it changes
     */
    Map<ServiceName, ServiceName> of(Map<ServiceName, ServiceName> told, Predicate<ServiceName> awaited) {
        if (told.equals(inForce)) {
            return inForce;
        }
        Map<ServiceName, ServiceName> next = new TreeMap<>();
        told.forEach((alias, target) -> {
            ServiceName before = inForce.get(alias);
            boolean stays = before != null
                    && !before.equals(target)
                    && NamedAliases.chain(target, told).stream().anyMatch(awaited);
            next.put(alias, stays ? before : target);
        });
        // An old target beside new ones can lead round in a circle that nobody has made.
        for (ServiceName alias : told.keySet()) {
            if (leadsBack(alias, next) && !leadsBack(alias, told)) {
                next.putAll(told);
            }
        }
        if (!next.equals(inForce)) {
            inForce = next;
        }
        return inForce;
    }

    private static boolean leadsBack(ServiceName alias, Map<ServiceName, ServiceName> targets) {
        List<ServiceName> chain = NamedAliases.chain(alias, targets);
        return targets.containsKey(chain.get(chain.size() - 1));
    }
}
