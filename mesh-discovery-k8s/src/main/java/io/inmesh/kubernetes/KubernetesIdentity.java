package io.inmesh.kubernetes;

import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who a pod is, as it can tell without asking the API server. Each part comes from the first of these that has it:
 *
 * <table>
 *   <caption>Where the parts come from</caption>
 *   <tr><th>Part</th><th>Sources, first to last</th></tr>
 *   <tr><td>namespace</td><td>builder, variable {@code POD_NAMESPACE}, the service account's file
 *       {@code namespace}</td></tr>
 *   <tr><td>labels</td><td>builder, variable {@code POD_LABELS} ({@code app=reviews,version=v1}), file {@code labels} of
 *       the pod information; merged label by label</td></tr>
 *   <tr><td>node</td><td>builder, variable {@code NODE_NAME}</td></tr>
 *   <tr><td>region, zone</td><td>builder, variables {@code NODE_REGION} and {@code NODE_ZONE}, label
 *       {@code istio-locality}, labels {@code topology.kubernetes.io/region} and {@code /zone} of the pod
 *       (KEP-4742)</td></tr>
 *   <tr><td>subzone</td><td>builder, label {@code istio-locality}, label {@code topology.istio.io/subzone}</td></tr>
 *   <tr><td>cluster domain</td><td>builder, variable {@code KUBERNETES_CLUSTER_DOMAIN}, the {@code search} line of
 *       {@code /etc/resolv.conf}</td></tr>
 * </table>
 *
 * <p>What nobody tells is as in {@link WorkloadIdentity#DEFAULT}. What is written badly is left out and told in
 * {@link #problems}; nothing is thrown. Immutable; files are read once.
 */
public final class KubernetesIdentity {
    /** Where downwardAPI volumes are usually mounted. */
    public static final Path POD_INFO = Path.of("/etc/podinfo");

    private static final String ISTIO_LOCALITY = "istio-locality";
    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String SUBZONE = "topology.istio.io/subzone";

    private final WorkloadIdentity workload;
    private final String summary;
    private final List<String> problems;

    private KubernetesIdentity(WorkloadIdentity workload, String summary, List<String> problems) {
        this.workload = workload;
        this.summary = summary;
        this.problems = List.copyOf(problems);
    }

    /** Starts with this process's variables and files. */
    public static Builder builder() {
        return new Builder();
    }

    /** The identity. */
    public WorkloadIdentity workload() {
        return workload;
    }

    /** Each part and where it came from, in one line for the log. */
    public String summary() {
        return summary;
    }

    /** What was left out because it is written badly, a sentence each with its place. */
    public List<String> problems() {
        return problems;
    }

    @Override
    public String toString() {
        return summary;
    }

    /** Collects what is known already and where to look for the rest. Not thread-safe. */
    public static final class Builder {
        private @Nullable String namespace;
        private Map<String, String> labels = Map.of();
        private @Nullable Locality locality;
        private @Nullable String node;
        private @Nullable String clusterDomain;
        private Function<String, @Nullable String> variables = System::getenv;
        private Path root = Path.of("/");
        private Path podInfo = POD_INFO;

        private Builder() {}

        /** Namespace; null to look for it. */
        public Builder namespace(@Nullable String name) {
            namespace = name;
            return this;
        }

        /** Labels that count more than those found under the same names. */
        public Builder labels(Map<String, String> known) {
            labels = known;
            return this;
        }

        /** Locality as a whole; null to look for it. */
        public Builder locality(@Nullable Locality known) {
            locality = known;
            return this;
        }

        /** Name of the node; null to look for it. */
        public Builder node(@Nullable String name) {
            node = name;
            return this;
        }

        /** Cluster domain; null to look for it. */
        public Builder clusterDomain(@Nullable String domain) {
            clusterDomain = domain;
            return this;
        }

        /** Environment variables by name, null for those that are not set; this process's unless told. */
        public Builder variables(Function<String, @Nullable String> byName) {
            variables = byName;
            return this;
        }

        /** Directory that stands for {@code /}; for tests and unusual mounts. */
        public Builder root(Path directory) {
            root = directory;
            return this;
        }

        /** Directory with the pod information, {@link #POD_INFO} unless told; below {@link #root}. */
        public Builder podInfo(Path directory) {
            podInfo = directory;
            return this;
        }

        /** Looks. */
        public KubernetesIdentity read() {
            return new Reading(this).identity();
        }
    }

    /** One look around. */
    private static final class Reading {
        private static final String UNKNOWN = "unknown";

        private final Builder from;
        private final Map<String, String> summary = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();

        Reading(Builder from) {
            this.from = from;
        }

        KubernetesIdentity identity() {
            String namespace = namespace();
            Map<String, String> labels = labels();
            String node = first("node", WorkloadIdentity.DEFAULT.node(), given(from.node), variable("NODE_NAME"));
            Locality locality = locality(labels);
            String domain = first(
                    "cluster domain",
                    WorkloadIdentity.DEFAULT.clusterDomain(),
                    given(from.clusterDomain),
                    named(variable("KUBERNETES_CLUSTER_DOMAIN"), KubernetesSettings.DNS_NAME),
                    searchDomain());
            List<String> words = new ArrayList<>();
            summary.forEach((part, text) -> words.add(part + " " + text));
            return new KubernetesIdentity(
                    new WorkloadIdentity(namespace, labels, locality, node, domain),
                    String.join(", ", words),
                    problems);
        }

        private String namespace() {
            return first(
                    "namespace",
                    WorkloadIdentity.DEFAULT.namespace(),
                    given(from.namespace),
                    named(variable("POD_NAMESPACE"), KubernetesSettings.DNS_LABEL),
                    named(
                            file("/var/run/secrets/kubernetes.io/serviceaccount/namespace"),
                            KubernetesSettings.DNS_LABEL));
        }

        private Map<String, String> labels() {
            Path file = inRoot(from.podInfo).resolve("labels");
            DownwardLabels mounted = DownwardLabels.ofFile(file);
            Found variable = variable("POD_LABELS");
            DownwardLabels told =
                    variable == null ? DownwardLabels.NONE : DownwardLabels.ofVariable("POD_LABELS", variable.value());
            problems.addAll(mounted.problems());
            problems.addAll(told.problems());
            Map<String, String> labels = new TreeMap<>(mounted.labels());
            labels.putAll(told.labels());
            labels.putAll(from.labels);
            List<String> sources = new ArrayList<>();
            if (!from.labels.isEmpty()) {
                sources.add("settings");
            }
            if (!told.labels().isEmpty()) {
                sources.add("POD_LABELS");
            }
            if (!mounted.labels().isEmpty()) {
                sources.add(file.toString());
            }
            summary.put(
                    "labels",
                    labels.isEmpty()
                            ? UNKNOWN
                            : new TreeSet<>(labels.keySet()) + " (" + String.join(", ", sources) + ")");
            return labels;
        }

        private Locality locality(Map<String, String> labels) {
            if (from.locality != null) {
                summary.put("locality", from.locality + " (settings)");
                return from.locality;
            }
            // Istio's label has dots where its other forms have slashes, because label values cannot hold those.
            Locality own =
                    Locality.parse(labels.getOrDefault(ISTIO_LOCALITY, "").replace('.', '/'));
            boolean told = labels.containsKey(ISTIO_LOCALITY);
            String region =
                    first("region", "", variable("NODE_REGION"), told ? istio(own.region()) : label(labels, REGION));
            String zone = first("zone", "", variable("NODE_ZONE"), told ? istio(own.zone()) : label(labels, ZONE));
            return new Locality(region, zone, told ? own.subzone() : labels.getOrDefault(SUBZONE, ""));
        }

        private @Nullable Found searchDomain() {
            for (String line : lines("/etc/resolv.conf")) {
                String[] words = line.strip().split("\\s+", -1);
                for (int i = 1; words[0].equals("search") && i < words.length; i++) {
                    // Kubernetes searches NAMESPACE.svc.DOMAIN, svc.DOMAIN and DOMAIN.
                    if (words[i].startsWith("svc.")) {
                        return new Found(words[i].substring("svc.".length()), "/etc/resolv.conf");
                    }
                }
            }
            return null;
        }

        private String first(String part, String otherwise, @Nullable Found... candidates) {
            for (Found candidate : candidates) {
                if (candidate != null && !candidate.value().isEmpty()) {
                    summary.put(part, candidate.value() + " (" + candidate.source() + ")");
                    return candidate.value();
                }
            }
            summary.put(part, otherwise.isEmpty() ? UNKNOWN : otherwise + " (assumed)");
            return otherwise;
        }

        private static @Nullable Found given(@Nullable String value) {
            return value == null ? null : new Found(value, "settings");
        }

        private @Nullable Found variable(String name) {
            String value = from.variables.apply(name);
            return value == null ? null : new Found(value.strip(), name);
        }

        private @Nullable Found file(String path) {
            List<String> lines = lines(path);
            return lines.isEmpty() ? null : new Found(lines.get(0).strip(), path);
        }

        private static @Nullable Found label(Map<String, String> labels, String key) {
            String value = labels.get(key);
            return value == null ? null : new Found(value, "label " + key);
        }

        private static Found istio(String part) {
            return new Found(part, "label " + ISTIO_LOCALITY);
        }

        /** Leaves out what is not a name. */
        private @Nullable Found named(@Nullable Found found, Pattern pattern) {
            if (found == null
                    || found.value().isEmpty()
                    || pattern.matcher(found.value()).matches()) {
                return found;
            }
            problems.add(found.source() + ": \"" + found.value() + "\" is not a DNS name; it is left out");
            return null;
        }

        private List<String> lines(String path) {
            Path file = inRoot(Path.of(path));
            try {
                return Files.readAllLines(file);
            } catch (NoSuchFileException missing) {
                return List.of();
            } catch (IOException unreadable) {
                problems.add(path + ": cannot be read: " + unreadable);
                return List.of();
            }
        }

        private Path inRoot(Path path) {
            return path.isAbsolute() ? from.root.resolve(Path.of("/").relativize(path)) : path;
        }

        private record Found(String value, String source) {}
    }
}
