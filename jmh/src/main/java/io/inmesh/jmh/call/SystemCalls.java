package io.inmesh.jmh.call;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * System calls of the threads that call, wake-ups of others among them, counted by {@code strace} where that is installed
 * and may look. What the JVM and OkHttp's own threads do beside differs from run to run.
 */
final class SystemCalls {
    /** Of the line of sums: share, seconds, microseconds a call, calls, errors if there are any, "total". */
    private static final int CALLS_COLUMN = 3;

    private SystemCalls() {}

    /** What is looked at. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** The number during {@code work}; NaN where it cannot be counted. */
    static double during(Work work) throws Exception {
        Path counts = Files.createTempFile("inmesh-benchmark", ".strace");
        try {
            return during(work, counts);
        } finally {
            Files.delete(counts);
        }
    }

    private static double during(Work work, Path counts) throws Exception {
        Process strace;
        try {
            strace = new ProcessBuilder(command(counts))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException notInstalled) {
            return Double.NaN;
        }
        try (BufferedReader says =
                new BufferedReader(new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8))) {
            String first = says.readLine();
            if (first == null || !first.contains("attached")) {
                return Double.NaN;
            }
            work.run();
        } finally {
            strace.destroy();
            strace.waitFor();
        }
        return Files.readString(counts)
                .lines()
                .filter(line -> line.endsWith(" total"))
                .mapToDouble(line -> Double.parseDouble(line.trim().split(" +", -1)[CALLS_COLUMN]))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static List<String> command(Path counts) throws IOException {
        List<String> command = new ArrayList<>(List.of("strace", "-c", "-o", counts.toString()));
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).startsWith(Callers.NAME)) {
                    command.add("-p");
                    command.add(String.valueOf(thread.getFileName()));
                }
            }
        }
        return command;
    }
}
