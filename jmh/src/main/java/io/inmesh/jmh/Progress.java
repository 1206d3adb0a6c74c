package io.inmesh.jmh;

import java.io.PrintStream;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** One line a benchmark and whatever JMH has to complain about. JMH's own format has a line for each short iteration. */
final class Progress implements OutputFormat {
    private final PrintStream out;

    Progress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void startBenchmark(BenchmarkParams params) {
        out.println(params.id());
    }

    @Override
    public void println(String line) {
        if (!line.isBlank() && !line.startsWith("# Fork") && !line.startsWith("# Run progress")) {
            out.println(line);
        }
    }

    @Override
    public void print(String text) {
        out.print(text);
    }

    @Override
    public void write(int b) {
        out.write(b);
    }

    @Override
    public void write(byte[] b) {
        out.writeBytes(b);
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {}

    @Override
    public void iterationResult(
            BenchmarkParams benchmark, IterationParams params, int iteration, IterationResult data) {}

    @Override
    public void endBenchmark(BenchmarkResult result) {}

    @Override
    public void startRun() {}

    @Override
    public void endRun(Collection<RunResult> result) {}

    @Override
    public void verbosePrintln(String line) {}

    @Override
    public void close() {}
}
