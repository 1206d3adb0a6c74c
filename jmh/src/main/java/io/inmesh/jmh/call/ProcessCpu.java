package io.inmesh.jmh.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of a process. */
final class ProcessCpu {
    private ProcessCpu() {}

    /**
     * Nanoseconds so far, garbage collection and compilation included: on Linux the sum over the threads that are alive,
     * exactly; elsewhere what the process is said to have used, which may move in steps of 10 ms.
     */
    static long nanos(long pid) throws IOException {
        Path threads = Path.of("/proc", String.valueOf(pid), "task");
        if (!Files.isReadable(threads.resolve(pid + "/schedstat"))) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElse(Duration.ZERO)
                    .toNanos();
        }
        List<Path> alive;
        try (Stream<Path> found = Files.list(threads)) {
            alive = found.toList();
        }
        long sum = 0;
        for (Path thread : alive) {
            sum += ofThread(thread);
        }
        return sum;
    }

    private static long ofThread(Path thread) {
        try {
            String text = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException ended) {
            return 0;
        }
    }
}
