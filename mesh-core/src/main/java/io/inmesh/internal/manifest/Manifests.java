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

    /** Whether there is an object of a kind, refused or not. */
    public boolean has(String group, String kind, String namespace, String name) {
        Stream<ObjectMeta> ofKind = switch (kind) {
            case "Service" -> services.stream().map(ServiceManifest::meta);
            case "Namespace" -> namespaces.stream().map(NamespaceManifest::meta);
            case "Secret" -> secrets.stream().map(SecretManifest::meta);
            default ->
                Stream.of(
                                workloads.stream()
                                        .filter(one -> one.kind().equals(kind))
                                        .map(WorkloadManifest::meta),
                                routes.stream()
                                        .filter(one -> one.kind().equals(kind))
                                        .map(RouteManifest::meta),
                                rules.stream()
                                        .filter(one -> group.endsWith(".istio.io")
                                                && one.kind().equals(kind))
                                        .map(RuleManifest::meta),
                                named.stream()
                                        .filter(one -> one.group().equals(group)
                                                && one.kind().equals(kind))
                                        .map(NamedManifest::meta))
                        .flatMap(one -> one);
        };
        return ofKind.anyMatch(meta -> meta.name().equals(name)
                && (namespace.isEmpty() || meta.namespace().equals(namespace)));
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
