package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Istio requires of locality load balancing (pkg/config/validation/agent: ValidateLocalityLbSetting). */
final class LocalityRules {
    private static final Set<String> TOPOLOGY_LABELS =
            Set.of("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone");

    private final RuleChecks checks;

    LocalityRules(RuleChecks checks) {
        this.checks = checks;
    }

    void check(Message setting, boolean outlierDetection) {
        List<Message> distribute = setting.messages("distribute");
        List<Message> failover = setting.messages("failover");
        List<String> priority = setting.strings("failoverPriority");
        if (!distribute.isEmpty() && !failover.isEmpty()) {
            checks.error(setting.place("failover"), "distribute and failover exclude each other", "keep one of them");
            return;
        }
        if (!failover.isEmpty() && priority.stream().anyMatch(TOPOLOGY_LABELS::contains)) {
            checks.error(
                    setting.place("failoverPriority"),
                    "failover excludes topology labels in failoverPriority",
                    "remove one of them");
        }
        List<String> from = new ArrayList<>();
        for (Message one : distribute) {
            from.add(one.string("from"));
            weights(one);
        }
        localities(from, setting.place("distribute"));
        if (!outlierDetection && (!failover.isEmpty() || !priority.isEmpty())) {
            checks.warning(
                    setting.place(),
                    "a proxy fails over only together with outlierDetection",
                    "add outlierDetection for proxies that read the rule; InMesh does not fail over yet");
        }
        failover.forEach(this::failover);
    }

    private void weights(Message distribute) {
        long sum = 0;
        for (var entry : distribute.map("to").entrySet()) {
            long weight = entry.getValue().number();
            if (weight < 1 || weight > 100) {
                checks.error(entry.getValue().place(), "a weight is between 1 and 100", "correct it");
            }
            sum += weight;
        }
        if (sum != 100) {
            checks.error(distribute.place("to"), "the weights add up to " + sum, "make it 100");
        }
        localities(List.copyOf(distribute.map("to").keySet()), distribute.place("to"));
    }

    private void failover(Message failover) {
        String from = failover.string("from");
        String to = failover.string("to");
        if (from.equals(to)) {
            checks.error(failover.place(), "failover goes from a region to itself", "name two regions");
        }
        if ((from + to).indexOf('/') >= 0 || (from + to).indexOf('*') >= 0) {
            checks.error(failover.place(), "failover names regions only", "write regions, without \"/\" and \"*\"");
        }
    }

    /** Region, region/zone or region/zone/subzone, a star at the end at most, none covering another. */
    private void localities(List<String> localities, Place place) {
        Set<String> taken = new HashSet<>();
        Set<String> above = new HashSet<>();
        for (String locality : localities) {
            String[] parts = locality.split("/", 3);
            int star = locality.indexOf('*');
            boolean empty = false;
            for (String part : parts) {
                empty |= part.isEmpty();
            }
            if (empty || (star >= 0 && star != locality.length() - 1)) {
                checks.error(
                        place,
                        MessageText.quote(locality) + " is not a locality",
                        "write region/zone/subzone, with \"*\" at the end only");
                return;
            }
            String whole = locality.endsWith("/*") ? locality.substring(0, locality.length() - 2) : locality;
            boolean overlaps = taken.contains("*") || !taken.add(whole) || above.contains(whole);
            int slash = whole.indexOf('/');
            for (int level = 1; level < parts.length && slash > 0; level++) {
                overlaps |= taken.contains(whole.substring(0, slash));
                above.add(whole.substring(0, slash));
                slash = whole.indexOf('/', slash + 1);
            }
            if (overlaps) {
                checks.error(
                        place,
                        "the locality " + MessageText.quote(locality) + " overlaps another",
                        "remove one of them");
                return;
            }
        }
    }
}
