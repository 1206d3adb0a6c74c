package io.inmesh.console;

import io.inmesh.endpoint.ServiceName;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of the graph.
 *
 * @param name short name of a service, host of what is none
 * @param namespace empty outside of the cluster
 */
record Names(String name, String namespace) {
    static Names ofHost(String host, String clusterDomain) {
        String lower = host.toLowerCase(Locale.ROOT);
        String inCluster = ServiceName.serviceAndNamespace(lower, clusterDomain);
        int dot = inCluster == null ? -1 : inCluster.lastIndexOf('.');
        return inCluster == null || dot < 0
                ? new Names(lower, "")
                : new Names(inCluster.substring(0, dot), inCluster.substring(dot + 1));
    }

    /** Equal for a service and for the processes behind it. */
    String id() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", id());
        map.put("name", name);
        map.put("namespace", namespace);
        return map;
    }
}
