package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.manifest.RuleManifest;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ObjectMeta;
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
    private final CheckedFiles files;
    private final Slips slips = new Slips();
    private final Map<String, List<Described>> hosts = new HashMap<>();
    private final Set<String> wildcards = new HashSet<>();

    /** Namespaces of the services of the cluster that are described. */
    private final Set<String> namespaces = new HashSet<>();

    /** Hosts of Services whose namespace is written out, by the Service's name. */
    private final Map<String, Set<String>> placed = new HashMap<>();

    private boolean describesOutside;

    /**
     * A service as one object has it.
     *
     * @param object {@code Kind namespace/name}
     * @param ports empty where they are not known
     * @param exportTo as written; empty means everybody
     */
    record Described(String object, ObjectMeta meta, List<ServicePort> ports, List<String> exportTo) {
        boolean isVisibleTo(String namespace) {
            return HostNames.isVisible(exportTo, meta.namespace(), namespace);
        }
    }

    KnownHosts(CheckedFiles files, List<RuleManifest> refused) {
        this.files = files;
        for (ServiceEntry entry : files.config().serviceEntries()) {
            List<ServicePort> declared = entry.ports().stream()
                    .map(port -> new ServicePort(port.number(), port.name(), port.protocol()))
                    .toList();
            Described described = new Described(
                    "ServiceEntry " + entry.meta().qualifiedName(), entry.meta(), declared, entry.exportTo());
            entry.hosts().forEach(host -> add(host, described));
        }
        for (RuleManifest rule : refused) {
            if (rule.kind().equals("ServiceEntry")) {
                Described described =
                        new Described("ServiceEntry " + rule.meta().qualifiedName(), rule.meta(), List.of(), List.of());
                // A bare star may be what it was refused for.
                rule.hosts().stream().filter(host -> !host.equals("*")).forEach(host -> add(host, described));
            }
        }
        files.manifests().services().forEach(this::add);
        files.knownHosts().stream().filter(host -> host.startsWith("*")).forEach(wildcards::add);
    }

    private void add(ServiceManifest service) {
        String host = service.host(files.clusterDomain());
        List<ServicePort> declared = service.allPortsRead()
                ? service.ports().stream()
                        .map(ServiceManifest.Port::toServicePort)
                        .toList()
                : List.of();
        add(
                host,
                new Described(
                        "Service " + service.meta().qualifiedName(), service.meta(), declared, service.exportTo()));
        if (service.meta().fields().containsKey("metadata.namespace")) {
            placed.computeIfAbsent(service.meta().name(), key -> new TreeSet<>())
                    .add(host);
        }
    }

    private void add(String written, Described described) {
        String host = written.toLowerCase(Locale.ROOT);
        hosts.computeIfAbsent(host, key -> new ArrayList<>()).add(described);
        if (host.startsWith("*")) {
            wildcards.add(host);
        }
        String namespace = namespace(host);
        if (namespace != null) {
            namespaces.add(namespace);
        } else {
            describesOutside = true;
        }
    }

    /** Whether a service has the host, or for a pattern whether one may have a host that it covers. */
    boolean isKnown(String host) {
        if (hasExactly(host)) {
            return true;
        }
        if (host.startsWith("*")) {
            return hosts.keySet().stream()
                    .anyMatch(known -> ServiceName.covers(host, known) || ServiceName.covers(known, host));
        }
        return !wildcards.isEmpty() && wildcards.stream().anyMatch(pattern -> ServiceName.covers(pattern, host));
    }

    /** Whether a service has this very host. */
    boolean hasExactly(String host) {
        return hosts.containsKey(host) || files.knownHosts().contains(host);
    }

    /** Hosts of Kubernetes' Services. */
    List<String> ofServices() {
        return files.manifests().services().stream()
                .map(service -> service.host(files.clusterDomain()))
                .toList();
    }

    /** What describes this very host, in order of writing; none where it is known otherwise. */
    List<Described> described(String host) {
        return hosts.getOrDefault(host, List.of());
    }

    /** Whether somebody in a namespace can call a host, as far as is known. */
    boolean isVisibleTo(String host, String namespace) {
        List<Described> described = described(host);
        return described.isEmpty()
                || files.knownHosts().contains(host)
                || described.stream().anyMatch(one -> one.isVisibleTo(namespace));
    }

    /** Ports of a service; empty when they are not known. */
    Set<Integer> ports(String host) {
        return portsOf(host).stream().map(ServicePort::number).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same with their names and protocols. */
    List<ServicePort> portsOf(String host) {
        List<Described> described = described(host);
        return described.stream().anyMatch(one -> one.ports().isEmpty())
                ? List.of()
                : described.stream().flatMap(one -> one.ports().stream()).toList();
    }

    /**
     * Whether it is a surprise that nothing describes a host that is not known: others are described that it should stand
     * among. Files hold a part of the truth only.
     *
     * @param written the host as the rule has it
     */
    boolean isMissed(String host, String written) {
        if (files.knowsAllServices()) {
            return true;
        }
        String namespace = namespace(host);
        if (namespace == null) {
            return files.whole() && describesOutside && HostNames.isName(host) && host.indexOf('.') >= 0;
        }
        return namespaces.contains(namespace) || elsewhere(host, written) != null;
    }

    /** The one host of a Service of the same name in another namespace, for a short name; null where there is none. */
    @Nullable
    String elsewhere(String host, String written) {
        Set<String> others = placed.getOrDefault(written.toLowerCase(Locale.ROOT), Set.of());
        return written.indexOf('.') < 0 && others.size() == 1 && !others.contains(host)
                ? others.iterator().next()
                : null;
    }

    /** Namespace of a host of the cluster; null for other hosts. */
    private @Nullable String namespace(String host) {
        String inCluster = ServiceName.serviceAndNamespace(host, files.clusterDomain());
        int dot = inCluster == null ? -1 : inCluster.indexOf('.');
        return inCluster == null || dot <= 0 ? null : inCluster.substring(dot + 1);
    }

    /** A service's host, or another one given, of which this host is a slip of one letter; null when there is none. */
    @Nullable
    String misspelt(String host, Collection<String> others) {
        return slips.meant(host, List.of(hosts.keySet(), files.knownHosts(), others));
    }
}
