package io.inmesh.jmh.scale;

import io.inmesh.Mesh;
import io.inmesh.endpoint.Endpoint;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * From a source's word that a pod was replaced to a call that goes to the new pod. A second, small fleet gets its changes
 * in turn with the large one: what is the same for both does not grow with the fleet.
 *
 * <p>The calling thread tries without pause, so the figures hold some hundred calls (a new pod is one of 100), on a
 * processor of its own. Changes are further apart than the pause between two snapshots, so none waits for that. The
 * processor time of the control thread is what a change costs, whatever else the machine does.
 */
final class ChangeBenchmark implements AutoCloseable {
    private static final long PAUSE_NANOS = 110_000_000;
    private static final int ENDPOINTS = 100;
    private static final int WARM_UP = 50;
    private static final double BAR_MILLIS = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Fleet fleet;
    private final Mesh mesh;
    private final long controlThread;
    private final double[] millis;
    private long cpuNanosBefore;

    private ChangeBenchmark(int services, int changes) {
        fleet = new Fleet(services, ENDPOINTS);
        mesh = Mesh.builder().config(fleet.rules()).endpoints(fleet).build();
        controlThread = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("inmesh-control"))
                .mapToLong(thread -> thread.getThreadId())
                .max()
                .orElseThrow();
        millis = new double[changes];
    }

    static void run(int changes, Results results) {
        results.heading(changes + " changes of one pod of 100, to the first call that uses it");
        try (ChangeBenchmark small = new ChangeBenchmark(10, changes);
                ChangeBenchmark large = new ChangeBenchmark(1_000, changes)) {
            for (int i = -WARM_UP; i < changes; i++) {
                LockSupport.parkNanos(PAUSE_NANOS / 2);
                small.change(i);
                LockSupport.parkNanos(PAUSE_NANOS / 2);
                large.change(i);
            }
            small.show(results);
            large.show(results);
        }
    }

    private void change(int number) {
        if (number == 0) {
            cpuNanosBefore = THREADS.getThreadCpuTime(controlThread);
        }
        int service = Math.floorMod(number * 7, fleet.services());
        Pick pick = Pick.of(service);
        long told = System.nanoTime();
        Endpoint fresh = fleet.replacePod(service);
        while (!pick.from(mesh).equals(fresh)) {
            Thread.onSpinWait();
        }
        if (number >= 0) {
            millis[number] = (System.nanoTime() - told) / 1e6;
        }
    }

    private void show(Results results) {
        double cpuMillis = (THREADS.getThreadCpuTime(controlThread) - cpuNanosBefore) / 1e6 / millis.length;
        String name = fleet.services() + " services x " + ENDPOINTS;
        Arrays.sort(millis);
        results.shown(name + ": p50", millis[millis.length / 2], "ms");
        results.held(name + ": p99", millis[(int) Math.ceil(millis.length * 0.99) - 1], "ms", BAR_MILLIS);
        results.shown(name + ": longest", millis[millis.length - 1], "ms");
        results.shown(name + ": processor time of a change", cpuMillis, "ms");
    }

    @Override
    public void close() {
        mesh.close();
    }
}
