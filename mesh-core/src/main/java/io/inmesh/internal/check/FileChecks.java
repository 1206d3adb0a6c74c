package io.inmesh.internal.check;

import io.inmesh.config.ConfigProblem;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.model.MeshConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** All checks across the objects of rule files: {@link ConfigChecks} and {@link ReferenceChecks} as one list. */
public final class FileChecks {
    private FileChecks() {}

    /**
     * Checks rules of which none was refused.
     *
     * @param manifests what stands beside them
     * @param clusterDomain suffix of short names, usually {@code cluster.local}
     * @param whole whether the files are the whole configuration, such as a folder; else a warning of something missing
     *     says that another file may have it
     * @return warnings, one for each mistake
     */
    public static List<ConfigProblem> check(
            MeshConfig config, Manifests manifests, String clusterDomain, boolean whole) {
        ReferenceChecks references = ReferenceChecks.of(config, manifests, clusterDomain);
        List<ConfigProblem> problems = new ArrayList<>(checkRules(config, clusterDomain, whole));
        problems.removeIf(references::tellsMore);
        problems.addAll(references.problems());
        Findings findings = new Findings();
        GatewayBindings.check(config, manifests, clusterDomain, findings);
        GatewayConflicts.check(config.gateways(), findings);
        GatewayWorkloadChecks.check(config, manifests, findings);
        ClaimChecks.check(config, manifests, findings);
        PolicyChecks.check(config, manifests, findings);
        problems.addAll(findings.toList());
        return List.copyOf(problems);
    }

    /** The same where rules were refused: what seems to lead nowhere may be what is missing. */
    public static List<ConfigProblem> checkRules(MeshConfig config, String clusterDomain, boolean whole) {
        return whole
                ? ConfigChecks.check(config, clusterDomain, UnaryOperator.identity())
                : ConfigChecks.checkPart(config, clusterDomain);
    }
}
