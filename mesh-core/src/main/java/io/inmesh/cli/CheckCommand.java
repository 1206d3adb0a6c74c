package io.inmesh.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check PATH...}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reports every problem of rule files: exit code 1 when there is an error, 0 otherwise.")
final class CheckCommand implements Callable<Integer> {
    enum Output {
        TEXT,
        JSON
    }

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "A YAML file, a directory of them (with its subdirectories), or - for standard input.")
    private List<String> paths = List.of();

    @Option(names = "--output", defaultValue = "text", description = "text or json (one object a line).")
    private Output output = Output.TEXT;

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

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Gson gson = new GsonBuilder().disableHtmlEscaping().create();
        var line = java.util.Objects.requireNonNull(spec).commandLine();
        boolean errors = false;
        ConfigReader reader = ConfigReader.sensible()
                .withUnsupported(unsupported)
                .forUser(gateway ? RuleUser.GATEWAY : RuleUser.CALLER);
        RuleFiles files = RuleFiles.read(
                paths, reader, "default", paths.stream().anyMatch(path -> Files.isDirectory(Path.of(path))));
        for (ConfigProblem problem : files.problems()) {
            errors |= problem.isError();
            // Notes are no problems: they stay out of what a script reads.
            var out = problem.severity() == ConfigProblem.Severity.NOTE ? line.getErr() : line.getOut();
            out.println(output == Output.JSON ? gson.toJson(json(problem)) : text(problem));
        }
        line.getErr().println(files.summary());
        return errors ? 1 : 0;
    }

    static String text(ConfigProblem problem) {
        return problem.origin().source() + ":" + problem.origin().line() + ":"
                + problem.origin().column() + ": " + severity(problem) + ": "
                + (problem.path().isEmpty() ? "" : problem.path() + ": ") + message(problem) + " ["
                + problem.check().id() + "]";
    }

    private static JsonObject json(ConfigProblem problem) {
        JsonObject json = new JsonObject();
        json.addProperty("file", problem.origin().source());
        json.addProperty("line", problem.origin().line());
        json.addProperty("column", problem.origin().column());
        json.addProperty("severity", severity(problem));
        json.addProperty("check", problem.check().id());
        if (!problem.check().istioCode().isEmpty()) {
            json.addProperty("istio", problem.check().istioCode());
        }
        if (!problem.object().isEmpty()) {
            json.addProperty("object", problem.object());
        }
        json.addProperty("path", problem.path());
        json.addProperty("message", message(problem));
        return json;
    }

    private static String severity(ConfigProblem problem) {
        return problem.severity().name().toLowerCase(Locale.ROOT);
    }

    private static String message(ConfigProblem problem) {
        return problem.fix().isEmpty() ? problem.message() : problem.message() + "; " + problem.fix();
    }
}
