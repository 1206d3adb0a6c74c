package io.inmesh.cli;

import io.inmesh.cli.clients.ClientsCommand;
import io.inmesh.config.UnsupportedFields;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the command line. Exit codes: 0 good, 1 an error in the rules, 2 wrong usage. */
@Command(
        name = "inmesh",
        description = {
            "Checks Istio's rule files and explains where requests go, without a cluster;",
            "lists the HTTP clients of an application and whether the mesh carries them."
        },
        mixinStandardHelpOptions = true,
        versionProvider = MeshCommand.Version.class,
        subcommands = {CheckCommand.class, ExplainCommand.class, ClientsCommand.class})
public final class MeshCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    /** Runs and exits. */
    public static void main(String[] args) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args));
    }

    /** Runs and returns the exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new MeshCommand()).setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(UnsupportedFields.class, MeshCommand::unsupportedFields);
        line.setExecutionExceptionHandler((failure, command, result) -> {
            command.getErr().println("inmesh: " + (failure.getMessage() == null ? failure : failure.getMessage()));
            return 1;
        });
        int code = line.execute(args);
        err.flush();
        // As for grep on a full disk: a script must not take half of the findings for all.
        if (out.checkError()) {
            err.println("inmesh: standard output cannot be written");
            err.flush();
            return 2;
        }
        return code;
    }

    /** As it is written in properties: {@code refuse-all}. */
    private static UnsupportedFields unsupportedFields(String text) {
        for (UnsupportedFields value : UnsupportedFields.values()) {
            if (text.equalsIgnoreCase(value.name().replace('_', '-'))) {
                return value;
            }
        }
        throw new CommandLine.TypeConversionException("write refuse-all, sensible or warn, not " + text);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), "name a command: check, explain or clients");
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = MeshCommand.class.getPackage().getImplementationVersion();
            return new String[] {"inmesh " + (version == null ? "(not packaged)" : version)};
        }
    }
}
