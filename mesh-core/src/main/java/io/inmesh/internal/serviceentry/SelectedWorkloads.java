package io.inmesh.internal.serviceentry;

import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.WorkloadEntry;
import io.inmesh.model.WorkloadEntryObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What selectors of ServiceEntries take: the WorkloadEntries among the rules, and what endpoint sources tell of. */
final class SelectedWorkloads {
    private final List<WorkloadEntryObject> written;
    private final Function<WorkloadSelector, List<Workload>> told;

    SelectedWorkloads(MeshConfig config, Function<WorkloadSelector, List<Workload>> told) {
        Set<String> names = new HashSet<>();
        this.written = config.workloadEntries().stream()
                // What is skipped of a WorkloadEntry is its address.
                .filter(object -> object.meta().skipped().isEmpty())
                .sorted(ConfigObject.OLDEST_FIRST)
                .filter(object -> object.meta().name().isEmpty()
                        || names.add(object.meta().qualifiedName()))
                .toList();
        this.told = told;
    }

    /** In order of precedence. An address that a source tells of too, as of the same object in the cluster, counts once. */
    List<Workload> of(WorkloadSelector selector) {
        List<Workload> fromSources = told.apply(selector);
        Set<String> addresses = fromSources.stream().map(Workload::address).collect(Collectors.toSet());
        List<Workload> all = new ArrayList<>();
        for (WorkloadEntryObject object : written) {
            Map<String, String> labels = object.labels();
            boolean taken = object.meta().namespace().equals(selector.namespace())
                    && labels.entrySet().containsAll(selector.labels().entrySet());
            if (taken && !addresses.contains(object.entry().address())) {
                all.add(workload(object.entry(), labels));
            }
        }
        all.addAll(fromSources);
        return all;
    }

    /** An entry as a workload that is known by its address. */
    static Workload workload(WorkloadEntry entry, Map<String, String> labels) {
        return Workload.builder("", entry.address())
                .ports(entry.ports())
                .locality(entry.locality() == null ? Locality.UNKNOWN : Locality.parse(entry.locality()))
                .weight(entry.weight())
                .labels(labels)
                .build();
    }
}
