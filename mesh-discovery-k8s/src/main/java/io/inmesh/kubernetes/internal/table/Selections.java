package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is asked of the API server. */
final class Selections {
    /** The server compares each event with each name, for each watcher. */
    private static final int MOST_NAMES = 100;

    /** Proxies in front of API servers cut URLs off at 4 to 8 kB. */
    private static final int LONGEST_SELECTOR = 2_000;

    private Selections() {}

    /** A namespace in words, empty for all. */
    static String named(String namespace) {
        return namespace.isEmpty() ? "all namespaces" : "namespace " + namespace;
    }

    static <T extends KubernetesObject> Selection<T> all(ResourceType<T> type, String namespace) {
        return new Selection<>(type, namespace, "", "");
    }

    /**
     * Slices of these services.
     *
     * @param names null means of all services
     */
    static Selection<EndpointSlice> slices(String namespace, @Nullable Set<String> names) {
        if (names == null || names.size() > MOST_NAMES) {
            return all(Resources.ENDPOINT_SLICES, namespace);
        }
        String selector = Resources.SERVICE_NAME + " in (" + String.join(",", new TreeSet<>(names)) + ")";
        return selector.length() > LONGEST_SELECTOR
                ? all(Resources.ENDPOINT_SLICES, namespace)
                : new Selection<>(Resources.ENDPOINT_SLICES, namespace, selector, "");
    }

    /** Objects that carry all of the labels. */
    static <T extends KubernetesObject> Selection<T> labelled(
            ResourceType<T> type, String namespace, Map<String, String> labels) {
        String selector = new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
        return new Selection<>(type, namespace, selector, "");
    }
}
