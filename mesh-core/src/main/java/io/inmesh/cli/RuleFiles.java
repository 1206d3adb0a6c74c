package io.inmesh.cli;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ClusterObjects.ClusterObject;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.RuleFileReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.check.CheckedFiles;
import io.inmesh.internal.check.FileChecks;
import io.inmesh.internal.manifest.ManifestReader;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.model.MeshConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rule files named on the command line, read once.
 *
 * @param config of the rules that were accepted
 * @param manifests what stands beside rules
 * @param complete whether no rule is left out for an error and every file could be read
 * @param summary what was read, as one line
 * @param texts of the files, by their names
 */
record RuleFiles(
        MeshConfig config,
        Manifests manifests,
        List<ConfigProblem> problems,
        boolean complete,
        String summary,
        Map<String, String> texts) {
    /**
     * Reads them.
     *
     * @param namespace of objects that name none
     * @param whole whether the files are all that there is; else a warning of something missing says that it may be elsewhere
     * @param knownHosts of services that the files do not describe
     */
    static RuleFiles read(
            List<String> paths, ConfigReader reader, String namespace, boolean whole, List<String> knownHosts) {
        return read(paths, ClusterState.NONE, reader, namespace, whole, knownHosts);
    }

    /** The same on top of what a cluster holds: of an object that is in both, the files' counts. */
    static RuleFiles read(
            List<String> paths,
            ClusterState cluster,
            ConfigReader reader,
            String namespace,
            boolean whole,
            List<String> knownHosts) {
        ManifestReader written = new ManifestReader(namespace);
        RuleFileReader files = new RuleFileReader(reader.withDefaultNamespace(namespace), written);
        for (String path : paths) {
            if (path.equals("-")) {
                files.readStream("-", System.in);
            } else {
                files.read(Path.of(path));
            }
        }
        cluster.without(written.manifests()).forEach(files::read);
        Map<String, Object> objects = trees(files.objects());
        ConfigUpdate update = files.update();
        boolean complete = !(update instanceof ConfigUpdate.Invalid);
        MeshConfig config;
        if (update instanceof ConfigUpdate.Invalid invalid) {
            config = invalid.remainder();
        } else if (update instanceof ConfigUpdate.Valid valid) {
            config = valid.config();
        } else {
            config = ((ConfigUpdate.Partial) update).config();
        }
        Set<String> unread = update.problems().stream()
                .filter(ConfigProblem::isError)
                .map(problem -> problem.origin().source())
                .filter(source -> !files.texts().containsKey(source) && !objects.containsKey(source))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        objects.forEach(written::json);
        Manifests manifests = written.manifests().withUnreadable(unread);
        List<ConfigProblem> problems = new ArrayList<>(update.problems());
        problems.addAll(FileChecks.check(new CheckedFiles(
                config,
                manifests,
                WorkloadIdentity.DEFAULT.clusterDomain(),
                whole,
                whole && cluster != ClusterState.NONE,
                knownHosts)));
        return new RuleFiles(
                config,
                manifests,
                List.copyOf(problems),
                complete,
                summary(cluster.words(files.files()), config, complete ? "" : "without an error", manifests.beside()),
                files.texts());
    }

    /** By the names that the rules' reader gives them; one of another group with the same kind and name keeps its group. */
    private static Map<String, Object> trees(List<ClusterObject> objects) {
        Map<String, Object> trees = new LinkedHashMap<>();
        for (ClusterObject object : objects) {
            String name = object.source();
            trees.put(trees.containsKey(name) ? object.group() + "/" + name : name, object.tree());
        }
        return trees;
    }

    /** {@code 3 files read: 2 VirtualServices, 1 DestinationRule; 5 objects of other kinds}. */
    private static String summary(String read, MeshConfig config, String addition, int others) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("VirtualService", config.virtualServices().size());
        counts.put("DestinationRule", config.destinationRules().size());
        counts.put("ServiceEntry", config.serviceEntries().size());
        counts.put("WorkloadEntry", config.workloadEntries().size());
        counts.put("Gateway", config.gateways().size());
        counts.put("AuthorizationPolicy", (int) config.authorizationPolicies().stream()
                .filter(policy -> !policy.isStandIn())
                .count());
        counts.put("RequestAuthentication", config.requestAuthentications().size());
        String objects = counts.entrySet().stream()
                .filter(count -> count.getValue() > 0)
                .map(count ->
                        count.getValue() + " " + (count.getValue() == 1 ? count.getKey() : plural(count.getKey())))
                .collect(Collectors.joining(", "));
        return read + " read: "
                + (objects.isEmpty() ? "no rule object" : objects)
                + (addition.isEmpty() ? "" : " " + addition)
                + (others == 0
                        ? ""
                        : "; " + others + (others == 1 ? " object of another kind" : " objects of other kinds"));
    }

    private static String plural(String kind) {
        return kind.endsWith("ry") || kind.endsWith("cy") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    }
}
