package io.inmesh.jmh.scale;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.HashMap;
import java.util.Map;

/** Bytes of this JVM. */
final class Heap {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final double MEBIBYTE = 1 << 20;

    private Heap() {}

    /** What is in use after a collection. */
    static double usedMebibytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE;
    }

    /** What each thread alive has allocated since its start, without those of the server. */
    static Map<Long, Long> allocatedByThread() {
        Map<Long, Long> allocated = new HashMap<>();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && !thread.getThreadName().startsWith(ListServer.THREADS)) {
                allocated.put(thread.getThreadId(), THREADS.getThreadAllocatedBytes(thread.getThreadId()));
            }
        }
        return allocated;
    }

    /** What threads that are alive now have allocated since {@code before}. */
    static double mebibytesSince(Map<Long, Long> before) {
        long bytes = 0;
        for (Map.Entry<Long, Long> now : allocatedByThread().entrySet()) {
            bytes += now.getValue() - before.getOrDefault(now.getKey(), 0L);
        }
        return bytes / MEBIBYTE;
    }
}
