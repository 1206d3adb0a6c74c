package io.inmesh.internal.snapshot;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** For explain: why a cluster has no endpoint that can be used. */
final class NearestEndpoint {
    private static final int MOST_SETS_OF_LABELS = 5;

    private final Background background;
    private final Circumstances circumstances;

    NearestEndpoint(Background background, Circumstances circumstances) {
        this.background = background;
        this.circumstances = circumstances;
    }

    /** The reasons; at least one. */
    List<String> reasons(Cluster cluster) {
        Set<String> reasons = new LinkedHashSet<>();
        String host = cluster.key().host();
        int port = cluster.key().port();
        ServiceEndpoints service = background.visible().get(host);
        List<Endpoint> all = service == null ? List.of() : service.endpoints().getOrDefault(port, List.of());
        if (!cluster.members().isEmpty()) {
            reasons.add("of its " + count(cluster.members().size()) + " none is ready: "
                    + cluster.members().stream()
                            .map(member -> member.endpoint().hostPort() + " " + cluster.stateText(member))
                            .collect(Collectors.joining(", ")));
        } else if (!all.isEmpty() && !cluster.subsetLabels().isEmpty()) {
            reasons.add("none of the " + count(all.size()) + " of " + host + " at port " + port + " has all labels "
                    + sorted(cluster.subsetLabels()) + " of subset "
                    + cluster.key().subset() + "; they have "
                    + labels(all));
        } else {
            none(host, port, service, reasons);
        }
        return List.copyOf(reasons);
    }

    private void none(String host, int port, @Nullable ServiceEndpoints service, Set<String> reasons) {
        for (ServiceEntry entry : background.config().serviceEntries()) {
            if (entry.hosts().stream().anyMatch(written -> ServiceName.covers(written, host))) {
                entry(entry, reasons);
            }
        }
        circumstances
                .silent()
                .getOrDefault(host, List.of())
                .forEach(source -> reasons.add(source + " was asked about " + host + " and has not answered yet"));
        circumstances.problems().stream()
                .filter(problem -> problem.path().isEmpty() && problem.message().startsWith(host + " "))
                .forEach(problem -> reasons.add(problem.origin() + ": " + problem.message()));
        if (reasons.isEmpty()) {
            reasons.add("the service is known and whoever tells of it lists no endpoint at port " + port);
        }
        if (service != null) {
            service.endpoints().forEach((other, endpoints) -> {
                if (other != port && endpoints.stream().anyMatch(one -> one.condition() == Condition.READY)) {
                    reasons.add("at its port " + other + " there are " + count(endpoints.size()));
                }
            });
        }
    }

    private void entry(ServiceEntry entry, Set<String> reasons) {
        String subject = Background.named("ServiceEntry", entry.meta());
        Map<String, String> selector = entry.workloadSelector();
        if (selector != null && !selector.isEmpty()) {
            reasons.add(subject + ": no workload in namespace " + entry.meta().namespace()
                    + " is selected by its workloadSelector " + sorted(selector));
        } else if (entry.endpoints().isEmpty() && entry.resolution() == ServiceEntry.Resolution.STATIC) {
            reasons.add(subject + " lists no endpoints");
        }
        Set<Origin> places = new HashSet<>();
        places.add(entry.meta().origin());
        entry.endpoints().forEach(endpoint -> places.add(endpoint.origin()));
        circumstances.problems().stream()
                .filter(problem -> places.contains(problem.origin()) && isAboutEndpoints(problem.path()))
                .forEach(problem -> reasons.add(subject + ": " + problem.message()));
    }

    private static boolean isAboutEndpoints(String path) {
        return path.startsWith("spec.endpoints") || path.equals("spec.hosts") || path.equals("spec.workloadSelector");
    }

    private static String count(int endpoints) {
        return endpoints == 1 ? "1 endpoint" : endpoints + " endpoints";
    }

    private static String labels(List<Endpoint> endpoints) {
        List<String> sets = endpoints.stream()
                .map(endpoint -> endpoint.labels().isEmpty() ? "no labels" : sorted(endpoint.labels()))
                .distinct()
                .toList();
        return sets.stream().limit(MOST_SETS_OF_LABELS).collect(Collectors.joining(", "))
                + (sets.size() > MOST_SETS_OF_LABELS ? " and " + (sets.size() - MOST_SETS_OF_LABELS) + " more" : "");
    }

    private static String sorted(Map<String, String> labels) {
        return new TreeMap<>(labels).toString();
    }
}
