package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.List;

/** All checks across the objects of files, rules that were refused known by name. Not for a running mesh. */
public final class FileChecks {
    private final List<ConfigProblem> failures = new ArrayList<>();

    private FileChecks() {}

    /**
     * Checks files. Files hold a part of the truth only, so a name is doubted where the same files describe others that it
     * should stand among: services of the same namespace, or one that differs by a letter.
     *
     * @return an error for each family of checks that failed, warnings, one for each mistake, then notes
     */
    public static List<ConfigProblem> check(CheckedFiles files) {
        FileChecks checks = new FileChecks();
        List<ConfigProblem> found = new ArrayList<>();
        checks.run("everything across objects", () -> found.addAll(checks.found(files)));
        List<ConfigProblem> problems = new ArrayList<>(checks.failures);
        problems.addAll(found);
        return List.copyOf(problems);
    }

    private List<ConfigProblem> found(CheckedFiles files) {
        CheckContext context = new CheckContext(files);
        Findings findings = new Findings();
        DestinationFindings destinations = new DestinationFindings(context, findings);
        run("hosts", () -> new HostFindings(context, findings).run());
        run("destinations", destinations::run);
        run(
                "bindings to gateways",
                () -> GatewayBindings.check(files.config(), files.manifests(), files.clusterDomain(), findings));
        run("conflicts of gateways", () -> GatewayConflicts.check(files.config().gateways(), findings));
        run("workloads of gateways", () -> GatewayWorkloadChecks.check(files.config(), files.manifests(), findings));
        run("claims", () -> ClaimChecks.check(files.config(), files.manifests(), findings));
        run("policies", () -> PolicyChecks.check(files.config(), files.manifests(), files.allServices(), findings));
        run("subsets", () -> new SubsetFindings(context, findings).run());
        run("ejections", () -> new EjectionFindings(context, findings).run());
        run("TLS of clients", () -> new ClientTlsFindings(context, findings).run());
        Findings notes = new Findings();
        run("ServiceEntries", () -> new ServiceEntryFindings(context, findings, notes).run());
        run("Services", () -> new ServiceFindings(context, notes).run());

        List<ConfigProblem> problems = new ArrayList<>();
        run("rules", () -> problems.addAll(ConfigChecks.check(context)));
        problems.removeIf(destinations::tellsMore);
        problems.addAll(findings.toList());
        problems.addAll(notes.toList());
        return problems;
    }

    /** What one family finds is of use without another; a fault of one is told, and what it was about may be a secret. */
    private void run(String family, Runnable checks) {
        try {
            checks.run();
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            failures.add(ConfigProblem.builder(
                            Severity.ERROR,
                            "the check of " + family + " failed with "
                                    + e.getClass().getSimpleName()
                                    + (trace.length == 0 ? "" : " at " + trace[0])
                                    + ", so what it would find is not told")
                    .origin(new Origin("(check)", 0, 0))
                    .fix("this is a fault of InMesh: report it, with the objects that it takes")
                    .check(ConfigCheck.CHECK_FAILED)
                    .build());
        }
    }
}
