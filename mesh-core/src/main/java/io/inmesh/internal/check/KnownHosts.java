package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ServiceEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hosts that ServiceEntries and Kubernetes manifests describe, by full name. */
final class KnownHosts {
    private static final int MOST_COMPARISONS = 100_000;

    private final String clusterDomain;
    private final Map<String, List<ServicePort>> ports = new HashMap<>();
    private final Set<String> namespaces = new HashSet<>();
    private int comparisons;

    KnownHosts(MeshConfig config, Manifests manifests, String clusterDomain) {
        this.clusterDomain = clusterDomain;
        for (ServiceEntry entry : config.serviceEntries()) {
            List<ServicePort> declared = entry.ports().stream()
                    .map(port -> new ServicePort(port.number(), port.name(), port.protocol()))
                    .toList();
            entry.hosts().forEach(host -> add(host.toLowerCase(Locale.ROOT), declared));
        }
        for (ServiceManifest service : manifests.services()) {
            add(
                    service.host(clusterDomain),
                    service.allPortsRead()
                            ? service.ports().stream()
                                    .map(ServiceManifest.Port::toServicePort)
                                    .toList()
                            : List.of());
        }
    }

    private void add(String host, List<ServicePort> declared) {
        ports.computeIfAbsent(host, key -> new ArrayList<>()).addAll(declared);
        String namespace = namespace(host);
        if (namespace != null) {
            namespaces.add(namespace);
        }
    }

    /** Whether a service has the host, or for a pattern whether one may have a host that it covers. */
    boolean isKnown(String host) {
        if (ports.containsKey(host)) {
            return true;
        }
        for (String known : ports.keySet()) {
            if (ServiceName.covers(known, host) || ServiceName.covers(host, known)) {
                return true;
            }
        }
        return false;
    }

    boolean hasExactly(String host) {
        return ports.containsKey(host);
    }

    /** Ports of a service; empty when they are not known. */
    Set<Integer> ports(String host) {
        return portsOf(host).stream().map(ServicePort::number).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same with their names and protocols. */
    List<ServicePort> portsOf(String host) {
        return ports.getOrDefault(host, List.of());
    }

    /** Whether other services of the host's namespace are known, so that a missing one is a surprise. */
    boolean hasNeighbours(String host) {
        String namespace = namespace(host);
        return namespace != null && namespaces.contains(namespace);
    }

    /** Namespace of a host of the cluster; null for other hosts. */
    private @Nullable String namespace(String host) {
        String inCluster = ServiceName.serviceAndNamespace(host, clusterDomain);
        int dot = inCluster == null ? -1 : inCluster.indexOf('.');
        return inCluster == null || dot <= 0 ? null : inCluster.substring(dot + 1);
    }

    /** A service's host, or another one given, of which this host is a slip of one letter; null when there is none. */
    @Nullable
    String misspelt(String host, Collection<String> others) {
        Set<String> candidates = new TreeSet<>();
        for (Collection<String> names : List.of(ports.keySet(), others)) {
            for (String name : names) {
                if (Math.abs(name.length() - host.length()) <= 1 && !name.equals(host) && isSlip(host, name)) {
                    candidates.add(name);
                }
            }
        }
        comparisons += candidates.size();
        return comparisons > MOST_COMPARISONS ? null : MessageText.misspelt(host, candidates);
    }

    /** Names of variants differ in a number or a short ending on purpose: {@code cart-v1} and {@code cart-v2}. */
    private static boolean isSlip(String host, String name) {
        if (host.startsWith("*") || name.startsWith("*") || label(host).length() < 4 && !sameLabel(host, name)) {
            return false;
        }
        if (host.replaceAll("[0-9]", "").equals(name.replaceAll("[0-9]", ""))) {
            return false;
        }
        String ending = ending(host);
        String other = ending(name);
        return ending.isEmpty() && other.isEmpty() || ending.equals(other) || ending.length() > 2 && other.length() > 2;
    }

    private static boolean sameLabel(String host, String name) {
        return label(host).equals(label(name));
    }

    private static String label(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static String ending(String host) {
        String label = label(host);
        return label.substring(label.lastIndexOf('-') + 1).equals(label)
                ? ""
                : label.substring(label.lastIndexOf('-') + 1);
    }
}
