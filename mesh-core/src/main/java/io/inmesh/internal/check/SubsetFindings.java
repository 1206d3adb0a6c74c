package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.check.Workloads.Labelled;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Subsets that select nothing or everything, and selectors of workloads that select none. */
final class SubsetFindings {
    private static final int MOST_NAMED = 5;

    private final CheckContext context;
    private final Findings findings;
    private final Workloads workloads;
    private final Map<String, List<ServiceManifest>> services = new HashMap<>();

    SubsetFindings(CheckContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
        workloads = new Workloads(context.files, context.refused);
        for (ServiceManifest service : context.files.manifests().services()) {
            services.computeIfAbsent(service.host(context.files.clusterDomain()), key -> new ArrayList<>())
                    .add(service);
        }
    }

    void run() {
        for (DestinationRule rule : context.files.config().destinationRules()) {
            String host = context.full(rule.host(), rule);
            for (int i = 0; i < rule.subsets().size(); i++) {
                subset(rule, host, rule.subsets().get(i), "spec.subsets[" + i + "]");
            }
            Map<String, String> callers = rule.workloadSelector();
            if (callers != null && selectsNone(rule.meta().namespace(), callers)) {
                findings.warn(
                        ConfigCheck.NO_MATCHING_WORKLOADS,
                        rule,
                        "spec.workloadSelector",
                        "none of the workloads of namespace " + rule.meta().namespace() + " here has the labels "
                                + Workloads.words(callers) + ": the rule concerns no caller"
                                + context.unlessElsewhere(),
                        "compare them with the labels of the calling pods");
            }
        }
        for (ServiceEntry entry : context.files.config().serviceEntries()) {
            Map<String, String> wanted = entry.workloadSelector();
            if (wanted != null && selectsNone(entry.meta().namespace(), wanted)) {
                findings.warn(
                        ConfigCheck.NO_MATCHING_WORKLOADS,
                        entry,
                        "spec.workloadSelector",
                        "none of the workloads of namespace " + entry.meta().namespace() + " here has the labels "
                                + Workloads.words(wanted) + ": the service has no endpoints and its calls are answered"
                                + " 503" + context.unlessKnown(),
                        "compare them with the labels of the pods");
            }
        }
    }

    private boolean selectsNone(String namespace, Map<String, String> selector) {
        Map<String, String> labels = GivenLabels.without(selector);
        return !labels.isEmpty()
                && !workloads.of(namespace).isEmpty()
                && !Workloads.hasPlaceholder(labels)
                && workloads.select(namespace, labels).isEmpty();
    }

    private void subset(DestinationRule rule, String host, Subset subset, String path) {
        if (subset.labels().isEmpty()) {
            if (subset.trafficPolicy() == null) {
                findings.warn(
                        ConfigCheck.SUBSET_WITHOUT_EFFECT,
                        rule,
                        path,
                        subset.origin(),
                        "the subset " + MessageText.quote(subset.name())
                                + " has neither labels nor a policy: it is the whole service",
                        "add the labels of its endpoints");
            }
            return;
        }
        if (services.containsKey(host)) {
            subsetOfPods(rule, services.get(host), subset, path);
        } else if (context.entries.containsKey(host)) {
            subsetOfEntries(rule, host, context.entries.get(host), subset, path);
        }
    }

    /** Only where pods of the Service are in the files, and none of them has the labels. */
    private void subsetOfPods(DestinationRule rule, List<ServiceManifest> written, Subset subset, String path) {
        if (written.stream().anyMatch(service -> service.selector().isEmpty() || service.isAlias())) {
            return;
        }
        ServiceManifest service = written.get(0);
        List<Labelled> pods = written.stream()
                .flatMap(one -> workloads.select(one.meta().namespace(), one.selector()).stream())
                .toList();
        Map<String, String> told = GivenLabels.without(subset.labels());
        if (pods.isEmpty()
                || Workloads.hasPlaceholder(told)
                || pods.stream().anyMatch(pod -> pod.has(told) || Workloads.hasPlaceholder(pod.labels()))) {
            return;
        }
        String those = pods.stream()
                .limit(MOST_NAMED)
                .map(pod -> pod.name() + " has " + Workloads.words(pod.labels()))
                .collect(Collectors.joining("; "));
        findings.warn(
                ConfigCheck.SUBSET_SELECTS_NOTHING,
                rule,
                path + ".labels",
                subset.origin(),
                "of the workloads here that Service " + service.meta().qualifiedName() + " ("
                        + service.meta().origin() + ") selects none has the labels " + Workloads.words(subset.labels())
                        + " of the subset " + MessageText.quote(subset.name()) + ": calls to it are answered 503"
                        + context.unlessKnown(),
                "correct the labels: " + those + (pods.size() > MOST_NAMED ? "; …" : ""));
    }

    /** Only where all endpoints of the host are written in the files. */
    private void subsetOfEntries(
            DestinationRule rule, String host, List<ServiceEntry> written, Subset subset, String path) {
        boolean all = written.stream()
                .allMatch(entry -> entry.resolution() == ServiceEntry.Resolution.STATIC
                        && entry.workloadSelector() == null
                        && !entry.endpoints().isEmpty());
        boolean refused = context.known.described(host).size() > written.size();
        if (all
                && !refused
                && written.stream()
                        .flatMap(entry -> entry.endpoints().stream())
                        .noneMatch(endpoint -> endpoint.labels()
                                .entrySet()
                                .containsAll(subset.labels().entrySet()))) {
            findings.warn(
                    ConfigCheck.SUBSET_SELECTS_NOTHING,
                    rule,
                    path + ".labels",
                    subset.origin(),
                    "no endpoint of " + host + " has the labels of the subset " + MessageText.quote(subset.name())
                            + ": calls to it are answered 503",
                    "compare them with the labels of the ServiceEntry's endpoints");
        }
    }
}
