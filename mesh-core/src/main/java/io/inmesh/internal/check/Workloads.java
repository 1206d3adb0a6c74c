package io.inmesh.internal.check;

import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.RuleManifest;
import io.inmesh.internal.manifest.WorkloadManifest;
import io.inmesh.model.WorkloadEntryObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Workloads in files, found by labels: pods and what makes them, and WorkloadEntries. */
final class Workloads {
    private final Map<String, List<Labelled>> byNamespace = new HashMap<>();
    private final Map<Label, List<Labelled>> byLabel = new HashMap<>();

    private record Label(String namespace, String key, String value) {}

    /**
     * One of them.
     *
     * @param name {@code Deployment shop/cart-v1}
     */
    record Labelled(String name, Map<String, String> labels) {
        boolean has(Map<String, String> wanted) {
            return labels.entrySet().containsAll(wanted.entrySet());
        }
    }

    /** Pods and what makes them alone. */
    Workloads(Manifests manifests) {
        for (WorkloadManifest workload : manifests.workloads()) {
            add(workload.meta().namespace(), new Labelled(workload.toString(), workload.podLabels()));
        }
    }

    Workloads(CheckedFiles files, List<RuleManifest> refused) {
        this(files.manifests());
        for (WorkloadEntryObject entry : files.config().workloadEntries()) {
            add(
                    entry.meta().namespace(),
                    new Labelled("WorkloadEntry " + entry.meta().qualifiedName(), entry.labels()));
        }
        for (RuleManifest rule : refused) {
            if (rule.kind().equals("WorkloadEntry")) {
                Map<String, String> labels = new HashMap<>(rule.labels());
                labels.putAll(rule.meta().labels());
                add(
                        rule.meta().namespace(),
                        new Labelled("WorkloadEntry " + rule.meta().qualifiedName(), labels));
            }
        }
    }

    private void add(String namespace, Labelled workload) {
        byNamespace.computeIfAbsent(namespace, key -> new ArrayList<>()).add(workload);
        workload.labels()
                .forEach((key, value) -> byLabel.computeIfAbsent(
                                new Label(namespace, key, value), label -> new ArrayList<>())
                        .add(workload));
    }

    /** All of a namespace. */
    List<Labelled> of(String namespace) {
        return byNamespace.getOrDefault(namespace, List.of());
    }

    /** Those of a namespace that have all of some labels, of which there is at least one. */
    List<Labelled> select(String namespace, Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> byLabel.getOrDefault(
                        new Label(namespace, label.getKey(), label.getValue()), List.<Labelled>of()))
                .min(Comparator.comparingInt(List::size))
                .orElse(List.of())
                .stream()
                .filter(workload -> workload.has(labels))
                .toList();
    }

    /** Whether a value is left to another tool, so that nothing can be told from it. */
    static boolean hasPlaceholder(Map<String, String> labels) {
        return labels.entrySet().stream()
                .flatMap(label -> java.util.stream.Stream.of(label.getKey(), label.getValue()))
                .anyMatch(text -> text.contains("{{") || text.contains("${") || text.contains("$("));
    }

    /** {@code app=cart, version=v1}. */
    static String words(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(", "));
    }
}
