package io.inmesh.jmh;

import io.inmesh.jmh.call.Calls;
import io.inmesh.jmh.scale.Scale;
import java.util.Arrays;
import java.util.Collection;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks with allocation counted, then prints each result with its ratio to the floor and PASS or FAIL.
 * Takes JMH's own arguments, or {@code scale} and those of {@link Scale}, or {@code call} and those of {@link
 * Calls}. Ends with 1 when a bar is missed.
 */
public final class Benchmarks {
    private Benchmarks() {}

    /** Entry point of {@code benchmarks.jar}. */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("scale")) {
            if (!Scale.run(Arrays.asList(args).subList(1, args.length))) {
                System.exit(1);
            }
            return;
        }
        if (args.length > 0 && args[0].equals("call")) {
            if (!Calls.run(Arrays.asList(args).subList(1, args.length))) {
                System.exit(1);
            }
            return;
        }
        CommandLineOptions given = new CommandLineOptions(args);
        if (given.shouldHelp() || given.shouldList() || given.shouldListWithParams() || given.shouldListProfilers()) {
            Main.main(args);
            return;
        }
        Options options =
                new OptionsBuilder().parent(given).addProfiler(GCProfiler.class).build();
        Runner runner =
                given.verbosity().hasValue() ? new Runner(options) : new Runner(options, new Progress(System.out));
        Collection<RunResult> results = runner.run();
        Report report = Report.of(results);
        System.out.print(report.text());
        if (!report.passed()) {
            System.exit(1);
        }
    }
}
