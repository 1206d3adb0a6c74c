package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** WorkloadEntries of the namespaces that somebody uses. Most clusters have none. Table thread only. */
final class WorkloadEntries {
    private static final Logger LOG = LoggerFactory.getLogger(WorkloadEntries.class);

    private static final String ALL = "";

    private final Watches watches;
    private final Consumer<String> onChange;
    private final Map<String, Use> uses = new HashMap<>();
    private boolean toldAbsent;

    /**
     * Uses none to begin with.
     *
     * @param onChange hears the namespace in which something is new; empty for all
     */
    WorkloadEntries(Watches watches, Consumer<String> onChange) {
        this.watches = watches;
        this.onChange = onChange;
    }

    /** Begins to use those of a namespace, empty for all. */
    void use(String namespace) {
        uses.computeIfAbsent(namespace, this::open).users++;
    }

    /** Ends one use. */
    void release(String namespace) {
        Use use = uses.get(namespace);
        if (use != null && --use.users == 0) {
            uses.remove(namespace);
            watches.close(use.selected);
        }
    }

    /** Whether it is known which ones there are, or that it will not be known soon. */
    boolean settled(String namespace) {
        Use use = uses.get(namespace);
        return use != null && use.selected.settled();
    }

    /** Those of a namespace; while the server has not told them alone, those that it told of all namespaces. */
    Collection<WorkloadEntry> in(String namespace) {
        Use use = uses.get(namespace);
        Use wide = uses.get(ALL);
        if (wide != null && (use == null || !use.selected.synced())) {
            return wide.selected.objects().stream()
                    .filter(entry -> entry.key().namespace().equals(namespace))
                    .toList();
        }
        return use == null ? List.of() : use.selected.objects();
    }

    private Use open(String namespace) {
        Use use = new Use(namespace);
        use.selected.select(Selections.all(Resources.WORKLOAD_ENTRIES, namespace));
        return use;
    }

    private void absent(Refusal refusal) {
        if (!toldAbsent) {
            toldAbsent = true;
            LOG.info("The cluster has no WorkloadEntries: {}", refusal.message());
        }
    }

    /** The entries of one namespace, or of all, while somebody uses them. */
    private final class Use {
        private final String namespace;
        private final SelectedObjects<WorkloadEntry> selected;
        private int users;

        Use(String namespace) {
            this.namespace = namespace;
            this.selected = watches.open((before, after) -> onChange.accept(namespace), this::stateChanged);
        }

        private void stateChanged() {
            Refusal refusal = selected.refusal();
            // Without Istio's CRDs there are none, which is nothing to mend.
            if (refusal != null && refusal.reason() == Reason.NOT_SERVED) {
                selected.spare("");
                absent(refusal);
            } else {
                selected.needed("WorkloadEntries of " + Selections.named(namespace) + " are not taken into account");
            }
            onChange.accept(namespace);
        }
    }
}
