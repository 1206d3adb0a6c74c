package io.inmesh.jmh;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Results beside their bars. Ratios are taken between fastest iterations: other work on the machine can only slow an
 * iteration down, and misses some when they are short. The median beside it shows how much was disturbed.
 */
final class Report {
    /** A profiler cannot tell less from nothing: it divides what the harness itself allocates by the operations. */
    private static final double HARNESS_BYTES = 0.5;

    private final List<Line> lines;

    private Report(List<Line> lines) {
        this.lines = lines;
    }

    /**
     * A result, times in nanoseconds.
     *
     * @param bytes NaN when allocation was not counted
     * @param ratio to the floor, NaN when there is none in this run
     * @param bar null when the benchmark has none
     */
    private record Line(
            String name,
            double fastest,
            double median,
            double bytes,
            double ratio,
            @Nullable Bar bar) {
        boolean passed() {
            // Written so that NaN, which is a bar that was not measured, does not fail a run of a part of the suite.
            return bar == null
                    || !(ratio > bar.times() || fastest > bar.nanos() || bytes > bar.bytes() + HARNESS_BYTES);
        }

        String verdict() {
            if (bar == null) {
                return "";
            }
            boolean measured = !Double.isNaN(bytes) && (bar.floor().isEmpty() || !Double.isNaN(ratio));
            return passed() ? measured ? "PASS" : "not measured" : "FAIL";
        }

        String wanted() {
            if (bar == null) {
                return "";
            }
            String bytesWanted = String.format(Locale.ROOT, "%.0f B", bar.bytes());
            String timeWanted =
                    Double.isInfinite(bar.nanos()) ? "" : String.format(Locale.ROOT, "<= %.0f ns, ", bar.nanos());
            return Double.isInfinite(bar.times())
                    ? timeWanted + bytesWanted
                    : String.format(Locale.ROOT, "%s<= %.1fx, %s", timeWanted, bar.times(), bytesWanted);
        }
    }

    static Report of(Collection<RunResult> results) throws ReflectiveOperationException {
        List<Line> lines = new ArrayList<>();
        for (RunResult result : results) {
            Bar bar = bar(result.getParams());
            RunResult floor = bar == null || bar.floor().isEmpty() ? null : floor(result.getParams(), bar, results);
            double fastest = fastest(result);
            double ratio = floor == null ? Double.NaN : fastest / fastest(floor);
            lines.add(new Line(name(result.getParams()), fastest, median(result), bytes(result), ratio, bar));
        }
        return new Report(lines);
    }

    boolean passed() {
        return lines.stream().allMatch(Line::passed);
    }

    String text() {
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(1);
        StringBuilder text = new StringBuilder();
        String format = "%-" + width + "s %8s %8s %8s %8s  %-15s %s%n";
        text.append(String.format(
                Locale.ROOT, "%n" + format, "Benchmark", "ns/op", "median", "x floor", "B/op", "bar", ""));
        for (Line line : lines) {
            text.append(String.format(
                    Locale.ROOT,
                    format,
                    line.name(),
                    number(line.fastest()),
                    number(line.median()),
                    number(line.ratio()),
                    number(line.bytes()),
                    line.wanted(),
                    line.verdict()));
        }
        return text.append(passed() ? "PASS" : "FAIL")
                .append(System.lineSeparator())
                .toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static @Nullable RunResult floor(BenchmarkParams params, Bar bar, Collection<RunResult> results) {
        String wanted = className(params) + "." + bar.floor();
        Map<String, String> own = arguments(params);
        for (RunResult result : results) {
            if (result.getParams().getBenchmark().equals(wanted)
                    && own.entrySet().containsAll(arguments(result.getParams()).entrySet())) {
                return result;
            }
        }
        return null;
    }

    private static @Nullable Bar bar(BenchmarkParams params) throws ReflectiveOperationException {
        String method = params.getBenchmark().substring(className(params).length() + 1);
        for (Method candidate : Class.forName(className(params)).getMethods()) {
            if (candidate.getName().equals(method)) {
                return candidate.getAnnotation(Bar.class);
            }
        }
        throw new NoSuchMethodException(params.getBenchmark());
    }

    private static String className(BenchmarkParams params) {
        return params.getBenchmark().substring(0, params.getBenchmark().lastIndexOf('.'));
    }

    private static String name(BenchmarkParams params) {
        String simple = className(params);
        simple = simple.substring(simple.lastIndexOf('.') + 1)
                + params.getBenchmark().substring(className(params).length());
        Map<String, String> arguments = arguments(params);
        return arguments.isEmpty() ? simple : simple + " " + arguments;
    }

    private static Map<String, String> arguments(BenchmarkParams params) {
        Map<String, String> arguments = new TreeMap<>();
        params.getParamsKeys().forEach(key -> arguments.put(key, params.getParam(key)));
        return arguments;
    }

    private static double fastest(RunResult result) {
        return result.getPrimaryResult().getStatistics().getMin();
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    private static double bytes(RunResult result) {
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return bytes == null ? Double.NaN : bytes.getStatistics().getPercentile(50);
    }
}
