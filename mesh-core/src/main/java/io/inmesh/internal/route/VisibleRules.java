package io.inmesh.internal.route;

import io.inmesh.model.GatewayName;
import io.inmesh.model.VirtualService;
import java.util.Comparator;
import java.util.List;

/**
 * The VirtualServices that a namespace sees, in their order of precedence for it: of two that name a host the first has it.
 * Istio looks at what is private to the namespace, then at what is exported to it, then at what is public. Pure functions.
 */
public final class VisibleRules {
    private VisibleRules() {}

    /**
     * The rules for calls between services.
     *
     * @param rules oldest first
     * @param viewer namespace that makes the calls
     */
    public static List<VirtualService> forCalls(List<VirtualService> rules, String viewer) {
        return of(rules, GatewayName.MESH, viewer);
    }

    static List<VirtualService> of(List<VirtualService> rules, GatewayName gateway, String viewer) {
        return rules.stream()
                .filter(rule -> !rule.hosts().isEmpty()
                        && rule.concerns(gateway)
                        && HostNames.isVisible(rule.exportTo(), rule.meta().namespace(), viewer))
                .sorted(Comparator.comparingInt(rule -> rank(rule, viewer)))
                .toList();
    }

    /** Whether one comes before another by whom they are exported to, whatever their age. */
    public static boolean isNearer(VirtualService rule, VirtualService other, String viewer) {
        return rank(rule, viewer) < rank(other, viewer);
    }

    private static int rank(VirtualService rule, String viewer) {
        if (isPublic(rule)) {
            return 2;
        }
        return rule.meta().namespace().equals(viewer) ? 0 : 1;
    }

    /** Whether every namespace sees it. */
    public static boolean isPublic(VirtualService rule) {
        return rule.exportTo().isEmpty() || rule.exportTo().contains("*");
    }
}
