package io.inmesh.cli;

import io.inmesh.cli.findings.Baseline;
import io.inmesh.cli.findings.FindingFormat;
import io.inmesh.cli.findings.IgnoreComments;
import io.inmesh.cli.findings.KnownFindings;
import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ClusterObjects.Listing;
import io.inmesh.config.source.ConfigReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check PATH...}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Reports every problem of rule files. Exit code: 0 good, 1 when there is an error (or what --fail-on names),",
            "2 on wrong usage, or with a baseline or a cluster that cannot be used."
        })
final class CheckCommand implements Callable<Integer> {
    private static final Pattern HOST = Pattern.compile("(?:\\*|(?:\\*\\.)?[\\w-]+(?:\\.[\\w-]+)*)");

    /** The least bad finding for which the command fails. */
    enum FailOn {
        ERROR,
        WARNING,
        NOTE,
        NEVER;

        boolean includes(ConfigProblem finding) {
            return switch (this) {
                case ERROR -> finding.isError();
                case WARNING -> finding.severity() != Severity.NOTE;
                case NOTE -> true;
                case NEVER -> false;
            };
        }
    }

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "PATH",
            description = "A YAML file, a directory of them (with its subdirectories), or - for standard input.")
    private List<String> paths = List.of();

    @Option(
            names = "--output",
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = {
                "text, json (one object a line), sarif (SARIF 2.1.0, for code scanning),",
                "github (annotations of a GitHub workflow)."
            })
    private FindingFormat output = FindingFormat.TEXT;

    @Option(
            names = "--fail-on",
            defaultValue = "error",
            paramLabel = "SEVERITY",
            description = "What makes the exit code 1: error (default), warning (or worse), note (anything), never.")
    private FailOn failOn = FailOn.ERROR;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "Leaves out findings that are in this file, which --write-baseline made.")
    private @Nullable Path baseline;

    @Option(
            names = "--write-baseline",
            paramLabel = "FILE",
            description = "Writes what is found into this file instead of telling it.")
    private @Nullable Path newBaseline;

    @Option(
            names = "--unsupported",
            defaultValue = "sensible",
            description = {
                "What fields are that Istio knows and InMesh does not execute:",
                "refuse-all (errors), sensible (errors or warnings by what is lost without them; default), warn."
            })
    private UnsupportedFields unsupported = UnsupportedFields.SENSIBLE;

    @Option(
            names = "--gateway",
            description = {
                "Read as a gateway does: what is bound to Gateways, and policies for what comes in, have effect,",
                "and errors in them count."
            })
    private boolean gateway;

    @Option(
            names = "--known-hosts",
            split = ",",
            paramLabel = "HOST",
            description = {
                "Hosts of services that the files do not describe: full names, or wildcards such as",
                "*.shop.svc.cluster.local. With it every other host that the files do not describe is doubted."
            })
    private List<String> knownHosts = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).commandLine();
        if (paths.isEmpty() && !cluster.isAsked()) {
            throw new ParameterException(line, "name a PATH, or ask for --kubernetes");
        }
        if (paths.contains("")) {
            throw new ParameterException(line, "a PATH is empty; name a file or a directory, or - for standard input");
        }
        knownHosts.stream()
                .filter(host -> !HOST.matcher(host).matches())
                .findFirst()
                .ifPresent(host -> {
                    throw new ParameterException(
                            line,
                            "--known-hosts: '" + host
                                    + "' is no host; write full names such as api.example.com and wildcards"
                                    + " such as *.example.com, without scheme, port and path, separated by commas");
                });
        if (cluster.isInVain()) {
            throw new ParameterException(
                    line, "--kubeconfig, --context and --namespaces say of which cluster; add --kubernetes");
        }
        try {
            return check(line.getOut(), line.getErr());
        } catch (Baseline.UnusableException | ClusterOptions.UnreachableException e) {
            line.getErr().println("inmesh: " + e.getMessage());
            return 2;
        }
    }

    private int check(PrintWriter out, PrintWriter err)
            throws Baseline.UnusableException, ClusterOptions.UnreachableException {
        Path before = baseline;
        Baseline known = before == null ? null : Baseline.read(before);
        ConfigReader reader = ConfigReader.sensible()
                .withUnsupported(unsupported)
                .forUser(gateway ? RuleUser.GATEWAY : RuleUser.CALLER);
        RuleFiles files;
        RuleFiles now = null;
        boolean whole;
        if (cluster.isAsked()) {
            Listing listing = cluster.list();
            listing.gaps().forEach(gap -> err.println("note: " + gap));
            whole = listing.whole();
            ClusterState state = new ClusterState(listing.server(), listing.objects());
            now = paths.isEmpty() ? null : RuleFiles.read(List.of(), state, reader, "default", whole, knownHosts);
            files = RuleFiles.read(paths, state, reader, "default", whole, knownHosts);
        } else {
            whole = paths.stream().anyMatch(path -> Files.isDirectory(Path.of(path)));
            files = RuleFiles.read(paths, reader, "default", whole, knownHosts);
        }
        // What a part of the files does not show may be there all the same.
        boolean showsAll = whole && files.complete();
        IgnoreComments comments = new IgnoreComments(files.texts());
        List<ConfigProblem> findings = new ArrayList<>(comments.apply(files.problems(), this::refuses));
        findings.addAll(comments.problems(showsAll));
        // Asked before others leave findings out: an entry is stale only when the finding is gone.
        Set<ConfigProblem> inBaseline = taken(findings, known == null ? finding -> false : known::take);
        if (now != null) {
            Set<ConfigProblem> old = taken(findings, new KnownFindings(now.problems())::take);
            findings.removeIf(old::contains);
            tellOld(old, err);
        }
        Path target = newBaseline;
        if (target != null) {
            List<ConfigProblem> kept = findings.stream().filter(this::isTold).toList();
            Baseline.write(target, kept);
            err.println(files.summary());
            err.println(counted(kept.size(), "finding") + " written to " + target);
            return 0;
        }
        List<ConfigProblem> left = findings.stream()
                .filter(finding -> !inBaseline.contains(finding))
                .toList();
        // Notes are no problems: they stay out of what a script reads.
        output.ofNotes().write(left.stream().filter(one -> !isTold(one)).toList(), err);
        output.write(left.stream().filter(this::isTold).toList(), out);
        if (known != null && showsAll) {
            known.stale().forEach(err::println);
        }
        if (comments.ignored() > 0) {
            err.println(counted(comments.ignored(), "finding") + " left out, as comments ask for");
        }
        if (left.size() < findings.size()) {
            List<ConfigProblem> old =
                    findings.stream().filter(inBaseline::contains).toList();
            long errors = old.stream().filter(ConfigProblem::isError).count();
            err.println(counted(old.size(), "finding") + " left out, as the baseline has them"
                    + (errors == 0 ? "" : "; " + counted(errors, "error") + " among them"));
        }
        err.println(files.summary());
        return left.stream().anyMatch(failOn::includes) ? 1 : 0;
    }

    /** Those findings that were there before, each asked about once: two may say the same. */
    private static Set<ConfigProblem> taken(List<ConfigProblem> findings, Predicate<ConfigProblem> before) {
        Set<ConfigProblem> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        findings.stream().filter(before).forEach(taken::add);
        return taken;
    }

    private static void tellOld(Set<ConfigProblem> old, PrintWriter err) {
        long problems = old.stream()
                .filter(finding -> finding.severity() != Severity.NOTE)
                .count();
        if (problems > 0) {
            err.println(counted(problems, "finding") + " left out, as the cluster has them already");
        }
    }

    /** Whether a finding belongs to what is asked for. */
    private boolean isTold(ConfigProblem finding) {
        return finding.severity() != Severity.NOTE || failOn == FailOn.NOTE;
    }

    /** Errors refuse their object, except those in force about fields that are not executed. */
    private boolean refuses(ConfigProblem finding) {
        return finding.isError()
                && (finding.check() != ConfigCheck.NOT_EXECUTED || unsupported == UnsupportedFields.REFUSE_ALL);
    }

    private static String counted(long count, String noun) {
        return count + " " + (count == 1 ? noun : noun + "s");
    }
}
