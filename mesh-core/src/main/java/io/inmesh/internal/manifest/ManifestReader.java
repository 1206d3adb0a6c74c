package io.inmesh.internal.manifest;

import io.inmesh.internal.manifest.RouteManifest.Reference;
import io.inmesh.internal.text.DocumentListener;
import io.inmesh.internal.text.JsonTrees;
import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.internal.text.Tree;
import io.inmesh.internal.text.YamlDocuments;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the objects of texts, in one pass over each. Not thread-safe. */
public final class ManifestReader implements DocumentListener {
    private static final int DEEPEST_LIST = 10;

    /** Phases of pods that serve nobody any more. */
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private static final Set<String> RULES = Set.of(
            "VirtualService",
            "DestinationRule",
            "ServiceEntry",
            "WorkloadEntry",
            "Gateway",
            "AuthorizationPolicy",
            "RequestAuthentication");

    private final String defaultNamespace;
    private final Manifests.Builder found = new Manifests.Builder();

    /**
     * Makes a reader that has read nothing yet.
     *
     * @param defaultNamespace of objects that name none
     */
    public ManifestReader(String defaultNamespace) {
        this.defaultNamespace = defaultNamespace;
    }

    /** Reads a text, up to where it is no YAML. */
    void text(String source, String text) {
        ProblemList problems = new ProblemList();
        new YamlDocuments(source, problems, tree -> document(source, tree)).read(text);
        if (problems.errors() > 0) {
            broken(source);
        }
    }

    @Override
    public void broken(String source) {
        found.unreadable.add(source);
    }

    @Override
    public void document(String source, Tree tree) {
        object(new TreeView(tree, Place.root(source, tree.line(), tree.column())), 0);
    }

    /** Reads an object as JSON libraries represent it. */
    public void json(String source, Object json) {
        Tree tree = new JsonTrees(source, new ProblemList()).convert(json);
        if (tree == null) {
            found.unreadable.add(source);
        } else {
            document(source, tree);
        }
    }

    /** All that was read so far. */
    public Manifests manifests() {
        return found.build();
    }

    private void object(TreeView object, int depth) {
        String kind = object.get("kind").text();
        String apiVersion = object.get("apiVersion").text();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        if (kind.isEmpty()) {
            return;
        }
        if (kind.endsWith("List") && object.get("items").isPresent()) {
            if (depth < DEEPEST_LIST) {
                object.get("items").items().forEach(item -> object(item, depth + 1));
            }
            return;
        }
        boolean known = switch (group) {
            case "" -> core(kind, apiVersion, object);
            case "apps", "batch", "argoproj.io" -> workload(kind, object);
            case "gateway.networking.k8s.io" -> gatewayApi(group, kind, object);
            case "cert-manager.io" ->
                secretOf(kind, "Certificate", object.get("spec").get("secretName"), object);
            case "bitnami.com" ->
                secretOf(kind, "SealedSecret", object.get("metadata").get("name"), object);
            case "external-secrets.io" -> secretOf(kind, "ExternalSecret", targetOf(object), object);
            default -> group.endsWith("istio.io") && istio(group, kind, object);
        };
        if (!known) {
            found.others.merge(kind, 1, Integer::sum);
        }
    }

    private boolean core(String kind, String apiVersion, TreeView object) {
        switch (kind) {
            case "Service" -> service(object);
            case "Namespace" -> found.namespaces.add(new NamespaceManifest(meta(object, new HashMap<>())));
            case "Secret" -> secret(object);
            default -> {
                // Without any version it is refused, and meant.
                return apiVersion.isEmpty() && RULES.contains(kind) ? istio("", kind, object) : workload(kind, object);
            }
        }
        return true;
    }

    private void service(TreeView object) {
        Map<String, Origin> fields = new HashMap<>();
        TreeView spec = object.get("spec");
        String type = note(spec.get("type"), fields).text();
        List<ServiceManifest.Port> ports = new ArrayList<>();
        boolean all = true;
        List<TreeView> written = note(spec.get("ports"), fields).items();
        for (int i = 0; i < written.size(); i++) {
            TreeView port = note(written.get(i), fields);
            Integer number = portNumber(port.get("port"));
            if (number == null) {
                all = false;
                continue;
            }
            ports.add(new ServiceManifest.Port(
                    i,
                    number,
                    note(port.get("name"), fields).text(),
                    port.get("targetPort").text(),
                    orElse(port.get("protocol").text(), "TCP"),
                    note(port.get("appProtocol"), fields).text()));
        }
        found.services.add(new ServiceManifest(
                meta(object, fields),
                orElse(type, "ClusterIP"),
                note(spec.get("externalName"), fields).text(),
                spec.get("clusterIP").text().equals("None"),
                note(spec.get("selector"), fields).textMap(),
                ports,
                all));
    }

    private boolean workload(String kind, TreeView object) {
        TreeView spec = object.get("spec");
        TreeView pod;
        switch (kind) {
            case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout" ->
                pod = spec.get("template");
            case "CronJob" -> pod = spec.get("jobTemplate").get("spec").get("template");
            case "Pod" -> {
                if (ENDED.contains(object.get("status").get("phase").text())) {
                    return true;
                }
                pod = object;
            }
            default -> {
                return false;
            }
        }
        Map<String, Origin> fields = new HashMap<>();
        Map<String, String> labels =
                note(pod.get("metadata").get("labels"), fields).textMap();
        List<WorkloadManifest.Port> ports = new ArrayList<>();
        List<TreeView> containers =
                new ArrayList<>(pod.get("spec").get("containers").items());
        // One that is started before the others and stays has ports as they have.
        pod.get("spec").get("initContainers").items().stream()
                .filter(one -> one.get("restartPolicy").text().equals("Always"))
                .forEach(containers::add);
        for (TreeView container : containers) {
            for (TreeView port : container.get("ports").items()) {
                Integer number = portNumber(port.get("containerPort"));
                if (number != null) {
                    ports.add(new WorkloadManifest.Port(number, port.get("name").text()));
                }
            }
        }
        found.workloads.add(new WorkloadManifest(
                kind,
                meta(object, fields),
                labels,
                ports,
                orElse(pod.get("spec").get("serviceAccountName").text(), "default"),
                spec.get("replicas").number()));
        return true;
    }

    private static @Nullable Integer portNumber(TreeView written) {
        Integer number = written.number();
        return number == null || number < 1 || number > ServiceManifest.HIGHEST_PORT ? null : number;
    }

    private void secret(TreeView object) {
        List<String> keys = new ArrayList<>(object.get("data").keys());
        keys.addAll(object.get("stringData").keys());
        found.secrets.add(new SecretManifest(
                "Secret",
                meta(object, new HashMap<>()).toBuilder().annotations(Map.of()).build(),
                object.get("type").text(),
                Set.copyOf(keys),
                !object.get("sops").isPresent(),
                SecretContent.certificate(object, "tls.crt", "cert"),
                SecretContent.privateKey(object, "tls.key", "key")));
    }

    private static TreeView targetOf(TreeView object) {
        TreeView target = object.get("spec").get("target").get("name");
        return target.isPresent() ? target : object.get("metadata").get("name");
    }

    /** A Secret that a controller makes of another object. */
    private boolean secretOf(String kind, String maker, TreeView name, TreeView object) {
        if (!kind.equals(maker)) {
            return false;
        }
        ObjectMeta meta = meta(object, new HashMap<>());
        found.secrets.add(new SecretManifest(
                kind,
                ObjectMeta.builder(meta.namespace(), name.text())
                        .origin(meta.origin())
                        .build(),
                "",
                Set.of(),
                false,
                SecretManifest.Content.UNKNOWN,
                SecretManifest.Content.UNKNOWN));
        return true;
    }

    private boolean gatewayApi(String group, String kind, TreeView object) {
        TreeView spec = object.get("spec");
        if (!kind.endsWith("Route")) {
            found.named.add(new NamedManifest(group, kind, meta(object, new HashMap<>()), null));
            return true;
        }
        ObjectMeta meta = meta(object, new HashMap<>());
        List<Reference> parents = new ArrayList<>();
        spec.get("parentRefs")
                .items()
                .forEach(parent -> parents.add(reference(parent, meta.namespace(), group, "Gateway")));
        List<Reference> backends = new ArrayList<>();
        for (TreeView rule : spec.get("rules").items()) {
            List<TreeView> filters = new ArrayList<>(rule.get("filters").items());
            for (TreeView backend : rule.get("backendRefs").items()) {
                backends.add(reference(backend, meta.namespace(), "", "Service"));
                filters.addAll(backend.get("filters").items());
            }
            for (TreeView filter : filters) {
                TreeView mirror = filter.get("requestMirror").get("backendRef");
                if (mirror.isPresent()) {
                    backends.add(reference(mirror, meta.namespace(), "", "Service"));
                }
            }
        }
        found.routes.add(new RouteManifest(kind, meta, spec.get("hostnames").texts(), parents, backends));
        return true;
    }

    private static Reference reference(TreeView written, String namespace, String group, String kind) {
        TreeView ownGroup = written.get("group");
        return new Reference(
                written.place().path(),
                written.origin(),
                ownGroup.isPresent() ? ownGroup.text() : group,
                orElse(written.get("kind").text(), kind),
                orElse(written.get("namespace").text(), namespace),
                written.get("name").text(),
                written.get("port").number());
    }

    private boolean istio(String group, String kind, TreeView object) {
        Map<String, Origin> fields = new HashMap<>();
        TreeView spec = object.get("spec");
        if (!RULES.contains(kind)) {
            TreeView labels = note(spec.get("selector").get("matchLabels"), fields);
            if (!labels.isPresent()) {
                labels = note(spec.get("workloadSelector").get("labels"), fields);
            }
            found.named.add(
                    new NamedManifest(group, kind, meta(object, fields), labels.isPresent() ? labels.textMap() : null));
            return true;
        }
        List<String> hosts = new ArrayList<>(spec.get("hosts").texts());
        List<Integer> ports = new ArrayList<>();
        String host = spec.get("host").text();
        if (!host.isEmpty()) {
            hosts.add(host);
        }
        for (TreeView port : spec.get("ports").items()) {
            addNumber(port.get("number"), ports);
        }
        for (TreeView server : spec.get("servers").items()) {
            hosts.addAll(server.get("hosts").texts());
            addNumber(server.get("port").get("number"), ports);
        }
        List<String> subsets = spec.get("subsets").items().stream()
                .map(subset -> subset.get("name").text())
                .toList();
        note(object.get("status").get("addresses"), fields);
        List<RuleManifest.Destination> destinations =
                kind.equals("VirtualService") ? destinations(spec, fields) : List.of();
        found.rules.add(new RuleManifest(
                kind,
                meta(object, fields),
                hosts,
                subsets,
                ports,
                spec.get("labels").textMap(),
                destinations));
        return true;
    }

    private static List<RuleManifest.Destination> destinations(TreeView spec, Map<String, Origin> fields) {
        List<TreeView> written = new ArrayList<>();
        for (TreeView route : spec.get("http").items()) {
            route.get("route").items().forEach(one -> written.add(one.get("destination")));
            written.add(route.get("mirror"));
            route.get("mirrors").items().forEach(one -> written.add(one.get("destination")));
        }
        List<RuleManifest.Destination> destinations = new ArrayList<>();
        for (TreeView destination : written) {
            String host = note(destination.get("host"), fields).text();
            Integer port = note(destination.get("port").get("number"), fields).number();
            if (!host.isEmpty()) {
                destinations.add(new RuleManifest.Destination(
                        destination.place().path(),
                        host,
                        destination.get("subset").text(),
                        port == null ? 0 : port));
            }
        }
        return destinations;
    }

    private static void addNumber(TreeView written, List<Integer> numbers) {
        Integer number = written.number();
        if (number != null) {
            numbers.add(number);
        }
    }

    private ObjectMeta meta(TreeView object, Map<String, Origin> fields) {
        TreeView metadata = object.get("metadata");
        String namespace = metadata.get("namespace").text();
        note(metadata.get("name"), fields);
        note(metadata.get("namespace"), fields);
        return ObjectMeta.builder(
                        namespace.isEmpty() ? defaultNamespace : namespace,
                        metadata.get("name").text())
                .creationTimestamp(instant(metadata.get("creationTimestamp").text()))
                .labels(metadata.get("labels").textMap())
                .annotations(metadata.get("annotations").textMap())
                .origin(object.origin())
                .fields(fields)
                .build();
    }

    private static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty()
                    ? null
                    : OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static TreeView note(TreeView written, Map<String, Origin> fields) {
        return written.noted(place -> fields.put(place.path(), place.origin()));
    }

    private static String orElse(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}
