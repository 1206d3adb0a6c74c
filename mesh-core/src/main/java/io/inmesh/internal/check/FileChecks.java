package io.inmesh.internal.check;

import io.inmesh.config.ConfigProblem;
import java.util.ArrayList;
import java.util.List;

/** All checks across the objects of files, rules that were refused known by name. Not for a running mesh. */
public final class FileChecks {
    private FileChecks() {}

    /**
     * Checks files. Files hold a part of the truth only, so a name is doubted where the same files describe others that it
     * should stand among: services of the same namespace, or one that differs by a letter.
     *
     * @return warnings, one for each mistake, then notes
     */
    public static List<ConfigProblem> check(CheckedFiles files) {
        CheckContext context = new CheckContext(files);
        Findings findings = new Findings();
        DestinationFindings destinations = new DestinationFindings(context, findings);
        new HostFindings(context, findings).run();
        destinations.run();
        GatewayBindings.check(files.config(), files.manifests(), files.clusterDomain(), findings);
        GatewayConflicts.check(files.config().gateways(), findings);
        GatewayWorkloadChecks.check(files.config(), files.manifests(), findings);
        ClaimChecks.check(files.config(), files.manifests(), findings);
        PolicyChecks.check(files.config(), files.manifests(), findings);
        new SubsetFindings(context, findings).run();
        new ClientTlsFindings(context, findings).run();
        Findings notes = new Findings();
        new ServiceEntryFindings(context, findings, notes).run();
        new ServiceFindings(context, notes).run();

        List<ConfigProblem> problems = new ArrayList<>(ConfigChecks.check(context));
        problems.removeIf(destinations::tellsMore);
        problems.addAll(findings.toList());
        problems.addAll(notes.toList());
        return List.copyOf(problems);
    }
}
