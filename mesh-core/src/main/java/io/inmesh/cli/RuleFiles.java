package io.inmesh.cli;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.RuleFileReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.check.FileChecks;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.model.MeshConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rule files named on the command line, read once.
 *
 * @param complete whether no rule is left out for an error and every file could be read
 * @param summary what was read, as one line
 */
record RuleFiles(MeshConfig config, List<ConfigProblem> problems, boolean complete, String summary) {
    /**
     * Reads them.
     *
     * @param namespace of objects that name none
     * @param whole whether the files are all that there is; else a warning of something missing says that it may be elsewhere
     */
    static RuleFiles read(List<String> paths, ConfigReader reader, String namespace, boolean whole) {
        RuleFileReader files = new RuleFileReader(reader.withDefaultNamespace(namespace));
        for (String path : paths) {
            if (path.equals("-")) {
                files.readStream("-", System.in);
            } else {
                files.read(Path.of(path));
            }
        }
        ConfigUpdate update = files.update();
        List<ConfigProblem> problems = new ArrayList<>(update.problems());
        if (update instanceof ConfigUpdate.Invalid invalid) {
            // Checks across objects would find what is only left out for an error.
            return new RuleFiles(
                    MeshConfig.EMPTY,
                    List.copyOf(problems),
                    false,
                    summary(files.files(), invalid.remainder(), "without an error"));
        }
        MeshConfig config =
                update instanceof ConfigUpdate.Valid valid ? valid.config() : ((ConfigUpdate.Partial) update).config();
        String clusterDomain = WorkloadIdentity.DEFAULT.clusterDomain();
        problems.addAll(
                update instanceof ConfigUpdate.Valid
                        ? FileChecks.check(config, Manifests.read(files.texts(), namespace), clusterDomain, whole)
                        : FileChecks.checkRules(config, clusterDomain, whole));
        return new RuleFiles(config, List.copyOf(problems), true, summary(files.files(), config, ""));
    }

    /** {@code 3 files read: 2 VirtualServices, 1 DestinationRule}. */
    private static String summary(int files, MeshConfig config, String addition) {
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
        return (files == 1 ? "1 file read: " : files + " files read: ")
                + (objects.isEmpty() ? "no rule object" : objects)
                + (addition.isEmpty() ? "" : " " + addition);
    }

    private static String plural(String kind) {
        return kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    }
}
