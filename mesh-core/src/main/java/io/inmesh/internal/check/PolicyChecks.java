package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.RuleManifest;
import io.inmesh.internal.manifest.WorkloadManifest;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.RequestSource;
import io.inmesh.model.WorkloadMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Policies that are for no workload (IST0127), or for gateways that do not look at labels (IST0166), and namespaces that they
 * name and that are not there (IST0101).
 */
final class PolicyChecks {
    /** Label of the pods that Istio makes for a Gateway of the Kubernetes Gateway API. */
    private static final String KUBERNETES_GATEWAY = "gateway.networking.k8s.io/gateway-name";

    /** Where objects are read to be that name no namespace. */
    private static final String UNTOLD = "default";

    private static final String UNLESS = ", unless another file has it";

    /** Namespaces that a cluster has, or an installation of Istio makes. */
    private static final Set<String> USUAL = Set.of(
            "default", "kube-system", "kube-public", "istio-system", "istio-ingress", "istio-egress", "istio-gateways");

    private static final int MANY_NAMESPACES = 3;

    private final Findings findings;

    /** Whether the files are all that a cluster holds. */
    private final boolean wholeCluster;

    /** Whether nothing is missing for files that cannot be read. */
    private final boolean complete;

    private final Map<String, List<Map<String, String>>> workloads = new HashMap<>();

    /** Namespaces of which some workload is described that takes requests, as far as its kind tells. */
    private final Set<String> serving = new HashSet<>();

    /** Namespaces that have an object of their own. */
    private final Set<String> described = new TreeSet<>();

    /** All that are named by some object. */
    private final Set<String> named = new HashSet<>(USUAL);

    private PolicyChecks(Manifests manifests, boolean wholeCluster, Findings findings) {
        this.wholeCluster = wholeCluster;
        this.findings = findings;
        complete = manifests.unreadable().isEmpty();
        for (WorkloadManifest workload : manifests.workloads()) {
            add(workload.meta().namespace(), workload.podLabels());
            if (!workload.kind().endsWith("Job")) {
                serving.add(workload.meta().namespace());
            }
        }
        for (RuleManifest rule : manifests.rules()) {
            if (rule.kind().equals("WorkloadEntry")) {
                add(rule.meta().namespace(), rule.labels());
                serving.add(rule.meta().namespace());
            }
        }
        manifests.namespaces().forEach(namespace -> described.add(namespace.name()));
        Stream.of(
                        manifests.services().stream().map(one -> one.meta()),
                        manifests.workloads().stream().map(one -> one.meta()),
                        manifests.secrets().stream().map(one -> one.meta()),
                        manifests.routes().stream().map(one -> one.meta()),
                        manifests.rules().stream().map(one -> one.meta()),
                        manifests.named().stream().map(one -> one.meta()))
                .flatMap(metas -> metas)
                .map(ObjectMeta::namespace)
                .forEach(named::add);
    }

    private void add(String namespace, Map<String, String> labels) {
        workloads.computeIfAbsent(namespace, key -> new ArrayList<>()).add(labels);
    }

    /** @param wholeCluster whether the files are all that a cluster holds */
    static void check(MeshConfig config, Manifests manifests, boolean wholeCluster, Findings findings) {
        PolicyChecks checks = new PolicyChecks(manifests, wholeCluster, findings);
        for (AuthorizationPolicy policy : config.authorizationPolicies()) {
            if (!policy.isStandIn()) {
                checks.workloads(policy, policy.workloads(), protects(policy));
                checks.namespaces(policy);
            }
        }
        config.requestAuthentications()
                .forEach(one -> checks.workloads(one, one.workloads(), "no workload believes its issuers"));
    }

    private static String protects(AuthorizationPolicy policy) {
        return switch (policy.action()) {
            case ALLOW -> "it keeps nobody out";
            case DENY, CUSTOM -> "it refuses nothing";
            case AUDIT -> "it notes nothing down";
        };
    }

    private void workloads(ConfigObject policy, WorkloadMatch match, String consequence) {
        Map<String, String> labels = match.labels();
        if (labels.isEmpty() || !match.targets().isEmpty()) {
            return;
        }
        Map<String, String> told = GivenLabels.without(labels);
        String namespace = policy.meta().namespace();
        boolean everywhere = namespace.equals(ObjectMeta.ROOT_NAMESPACE);
        List<Map<String, String>> known = everywhere
                ? workloads.values().stream().flatMap(List::stream).toList()
                : workloads.getOrDefault(namespace, List.of());
        List<Map<String, String>> selected = known.stream()
                .filter(one -> one.entrySet().containsAll(told.entrySet()))
                .toList();
        if (labels.containsKey(KUBERNETES_GATEWAY)
                || (!selected.isEmpty() && selected.stream().allMatch(one -> one.containsKey(KUBERNETES_GATEWAY)))) {
            String name = labels.getOrDefault(
                    KUBERNETES_GATEWAY,
                    selected.isEmpty() ? "" : selected.get(0).getOrDefault(KUBERNETES_GATEWAY, ""));
            findings.warn(
                    ConfigCheck.INEFFECTIVE_SELECTOR,
                    policy,
                    "spec.selector",
                    "the labels are those of the Kubernetes Gateway " + name
                            + ", and Istio's gateways of that kind look at" + " targetRefs alone: " + consequence
                            + " there",
                    "write targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: " + name
                            + "}] in place of the selector");
            return;
        }
        if (told.isEmpty()) {
            return;
        }
        // A policy for all namespaces may be for those that other files describe, and one without a namespace for any.
        boolean enough = everywhere
                ? serving.size() > 1 && !labels.equals(GatewayWorkloads.USUAL)
                : serving.contains(namespace)
                        && (!namespace.equals(UNTOLD)
                                || known.stream().anyMatch(one -> NearLabels.between(labels, one) != null));
        if (complete && enough && selected.isEmpty()) {
            findings.warn(
                    ConfigCheck.NO_MATCHING_WORKLOADS,
                    policy,
                    "spec.selector",
                    "none of the workloads" + (everywhere ? "" : " of namespace " + namespace)
                            + " here has these labels: " + consequence + UNLESS,
                    "compare them with the labels of the pods");
        }
    }

    private void namespaces(AuthorizationPolicy policy) {
        // One alone is that of the files' own application, which says nothing of others.
        for (int i = 0; i < policy.rules().size() && described.size() > 1 && complete; i++) {
            List<RequestSource> from = policy.rules().get(i).from();
            for (int j = 0; j < from.size(); j++) {
                String path = "spec.rules[" + i + "].from[" + j + "].source.";
                namespaces(policy, from.get(j).namespaces(), path + "namespaces", "nobody comes from there");
                namespaces(policy, from.get(j).notNamespaces(), path + "notNamespaces", "nobody is excepted by it");
            }
        }
    }

    private void namespaces(AuthorizationPolicy policy, List<String> written, String path, String consequence) {
        for (int i = 0; i < written.size(); i++) {
            String pattern = written.get(i);
            // Others that clients come from, such as a tool's, are described where it is installed from: by files of
            // more
            // than a few namespaces, as those of a platform are.
            if (Stream.concat(described.stream(), named.stream()).noneMatch(name -> matches(pattern, name))
                    && (wholeCluster
                            || described.size() >= MANY_NAMESPACES
                            || MessageText.misspelt(pattern, described) != null)) {
                findings.warn(
                        ConfigCheck.NAMESPACE_NOT_FOUND,
                        policy,
                        path + "[" + i + "]",
                        (pattern.indexOf('*') < 0 ? "there is no namespace " : "no namespace is like ")
                                + MessageText.quote(pattern) + " here: " + consequence + UNLESS,
                        MessageText.didYouMean(pattern, described, "those here are " + String.join(", ", described)));
            }
        }
    }

    private static boolean matches(String pattern, String name) {
        if (pattern.endsWith("*")) {
            return name.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        return pattern.startsWith("*") ? name.endsWith(pattern.substring(1)) : name.equals(pattern);
    }
}
