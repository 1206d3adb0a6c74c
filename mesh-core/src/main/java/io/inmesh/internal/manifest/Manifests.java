package io.inmesh.internal.manifest;

import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The Kubernetes objects of some texts, by kind, in order of writing. Of two of the same kind, namespace and name both are
 * there.
 *
 * @param rules names in all rule objects, refused or not
 * @param named objects known by name only
 * @param others number of objects of all other kinds, by kind
 * @param unreadable names of texts of which a part is no YAML: what is not found may be there
 */
public record Manifests(
        List<ServiceManifest> services,
        List<WorkloadManifest> workloads,
        List<NamespaceManifest> namespaces,
        List<SecretManifest> secrets,
        List<RouteManifest> routes,
        List<RuleManifest> rules,
        List<NamedManifest> named,
        Map<String, Integer> others,
        List<String> unreadable) {
    private static final Set<String> APPS = Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet");

    /** No objects at all. */
    public static final Manifests NONE = new Builder().build();

    public Manifests {
        services = List.copyOf(services);
        workloads = List.copyOf(workloads);
        namespaces = List.copyOf(namespaces);
        secrets = List.copyOf(secrets);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
        named = List.copyOf(named);
        others = Collections.unmodifiableMap(new TreeMap<>(others));
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads texts, leniently: never throws, and leaves out what cannot be read.
     *
     * @param texts YAML by name
     * @param defaultNamespace of objects that name none
     */
    public static Manifests read(Map<String, String> texts, String defaultNamespace) {
        ManifestReader reader = new ManifestReader(defaultNamespace);
        texts.forEach(reader::text);
        return reader.manifests();
    }

    /**
     * What an object is known by.
     *
     * @param group of the API, without its version
     */
    public record Identity(String group, String kind, String namespace, String name) {
        /** Of an object of a cluster or a file; groups of Istio are one, and a Namespace is in none. */
        public static Identity of(String group, String kind, String namespace, String name) {
            return new Identity(
                    group.endsWith(".istio.io") ? "istio.io" : group,
                    kind,
                    group.isEmpty() && kind.equals("Namespace") ? "" : namespace,
                    name);
        }

        private static Identity of(String group, String kind, ObjectMeta meta) {
            return of(group, kind, meta.namespace(), meta.name());
        }
    }

    /** What all objects are known by that take the place of others when they are applied, refused or not. */
    public Set<Identity> identities() {
        Set<Identity> all = new HashSet<>();
        services.forEach(one -> all.add(Identity.of("", "Service", one.meta())));
        namespaces.forEach(one -> all.add(Identity.of("", "Namespace", one.meta())));
        secrets.forEach(one -> all.add(Identity.of("", "Secret", one.meta())));
        workloads.forEach(one -> all.add(Identity.of(APPS.contains(one.kind()) ? "apps" : "", one.kind(), one.meta())));
        routes.forEach(one -> all.add(Identity.of("gateway.networking.k8s.io", one.kind(), one.meta())));
        rules.forEach(one -> all.add(Identity.of(".istio.io", one.kind(), one.meta())));
        named.forEach(one -> all.add(Identity.of(one.group(), one.kind(), one.meta())));
        return all;
    }

    /** Number of objects that are no rules. */
    public int beside() {
        return services.size()
                + workloads.size()
                + namespaces.size()
                + secrets.size()
                + routes.size()
                + named.size()
                + others.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The same, with further texts of which nothing could be read. */
    public Manifests withUnreadable(Collection<String> names) {
        return new Manifests(
                services,
                workloads,
                namespaces,
                secrets,
                routes,
                rules,
                named,
                others,
                Stream.concat(unreadable.stream(), names.stream()).distinct().toList());
    }

    /** Names in those rules of the texts that are not in a configuration: they were refused, or replaced by another. */
    public List<RuleManifest> rulesNotIn(MeshConfig config) {
        Set<Object> accepted = new HashSet<>();
        Stream.of(
                        config.virtualServices(),
                        config.destinationRules(),
                        config.serviceEntries(),
                        config.workloadEntries(),
                        config.gateways(),
                        config.authorizationPolicies(),
                        config.requestAuthentications())
                .<ConfigObject>flatMap(List::stream)
                .forEach(object -> accepted.add(identity(object.kind(), object.meta())));
        return rules.stream()
                .filter(rule -> !accepted.contains(identity(rule.kind(), rule.meta())))
                .toList();
    }

    private static Object identity(String kind, ObjectMeta meta) {
        return meta.name().isEmpty() ? List.of(kind, meta.origin()) : List.of(kind, meta.qualifiedName());
    }

    /** Collects objects; not thread-safe. */
    static final class Builder {
        final List<ServiceManifest> services = new ArrayList<>();
        final List<WorkloadManifest> workloads = new ArrayList<>();
        final List<NamespaceManifest> namespaces = new ArrayList<>();
        final List<SecretManifest> secrets = new ArrayList<>();
        final List<RouteManifest> routes = new ArrayList<>();
        final List<RuleManifest> rules = new ArrayList<>();
        final List<NamedManifest> named = new ArrayList<>();
        final Map<String, Integer> others = new TreeMap<>();
        final List<String> unreadable = new ArrayList<>();

        Manifests build() {
            return new Manifests(services, workloads, namespaces, secrets, routes, rules, named, others, unreadable);
        }
    }
}
