package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.OutlierDetection;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.TrafficPolicy.PortTrafficPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Outlier detection of services with too few endpoints for its share to reach one of them. */
final class FewEndpoints {
    private FewEndpoints() {}

    /** Warnings, one for each block of a rule; at most a thousand. */
    static List<ConfigProblem> find(MeshSnapshot snapshot) {
        List<ConfigProblem> problems = new ArrayList<>();
        Set<List<String>> told = new HashSet<>();
        Map<String, List<DestinationRule>> rules = new HashMap<>();
        List<ClusterKey> keys = snapshot.clusterKeys();
        for (int slot = 0; slot < keys.size() && problems.size() < ProblemList.MOST; slot++) {
            Target target = snapshot.target(slot);
            Cluster cluster = target.cluster();
            OutlierDetection detection = cluster == null ? null : cluster.withoutEffect();
            if (detection != null) {
                if (rules.isEmpty()) {
                    snapshot.background()
                            .config()
                            .destinationRules()
                            .forEach(rule -> rules.computeIfAbsent(
                                            rule.meta().qualifiedName(), any -> new ArrayList<>(1))
                                    .add(rule));
                }
                ClusterKey key = keys.get(slot);
                List<DestinationRule> asked = target.asked().rules().stream()
                        .flatMap(name -> rules.getOrDefault(name, List.of()).stream())
                        .toList();
                for (DestinationRule rule : asked) {
                    String path = path(rule, key, detection);
                    if (path != null) {
                        if (told.add(List.of(rule.meta().qualifiedName(), path))) {
                            problems.add(problem(rule, path, key, detection));
                        }
                        break;
                    }
                }
            }
        }
        return List.copyOf(problems);
    }

    /** Where a rule says what holds for a cluster; null where it does not. */
    private static @Nullable String path(DestinationRule rule, ClusterKey key, OutlierDetection detection) {
        for (int i = 0; i < rule.subsets().size() && !key.subset().isEmpty(); i++) {
            Subset subset = rule.subsets().get(i);
            String found = subset.name().equals(key.subset())
                    ? path(subset.trafficPolicy(), "spec.subsets[" + i + "].trafficPolicy", key.port(), detection)
                    : null;
            if (found != null) {
                return found;
            }
        }
        return path(rule.trafficPolicy(), "spec.trafficPolicy", key.port(), detection);
    }

    private static @Nullable String path(
            @Nullable TrafficPolicy policy, String path, int port, OutlierDetection detection) {
        if (policy == null) {
            return null;
        }
        for (int i = 0; i < policy.portLevelSettings().size(); i++) {
            PortTrafficPolicy ofPort = policy.portLevelSettings().get(i);
            if (ofPort.port() == port && detection.equals(ofPort.outlierDetection())) {
                return path + ".portLevelSettings[" + i + "].outlierDetection";
            }
        }
        return detection.equals(policy.outlierDetection()) ? path + ".outlierDetection" : null;
    }

    /** The words stay the same while endpoints come and go, so that each is logged once. */
    private static ConfigProblem problem(
            DestinationRule rule, String path, ClusterKey key, OutlierDetection detection) {
        ObjectMeta meta = rule.meta();
        return ConfigProblem.builder(
                        Severity.WARNING,
                        "with maxEjectionPercent " + detection.ejectionPercent()
                                + (detection.maxEjectionPercent() == 0 ? ", as nothing is given," : "")
                                + " none of fewer than " + detection.leastHosts() + " endpoints is ever ejected, and "
                                + (key.subset().isEmpty() ? "" : "subset " + key.subset() + " of ") + key.host()
                                + " has fewer")
                .check(ConfigCheck.EJECTS_NOBODY)
                .origin(meta.originOf(path, meta.origin()))
                .path(path)
                .object(rule.kind() + " " + meta.qualifiedName())
                .fix("raise maxEjectionPercent: 50 lets one of two be ejected")
                .build();
    }
}
