package io.inmesh.jmh.scale;

import io.inmesh.Mesh;
import io.inmesh.jmh.Median;
import io.inmesh.observe.MeshObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A thousand changed slices a second, in a mesh of 1000 services of 100 pods.
 *
 * <p>First with one caller that calls ten of the services without pause: windows of quiet and of storm take turns (quiet,
 * storm, storm, quiet), each call is timed, and each quiet window is compared with the storm beside it; the figure is the
 * median of those ratios, which what else the machine does moves little as long as it is alike in both. It says how much
 * slower the slowest hundredth of calls gets while the source and the control thread have the other processor; on a
 * machine without a second free one it says how processors are shared instead.
 *
 * <p>Then with an observer that takes a second for each snapshot. The heap is measured after a collection, at rest before
 * and during the storm while the observer holds the control thread.
 */
final class StormBenchmark {
    private static final int SERVICES = 1_000;
    private static final int ENDPOINTS = 100;
    private static final int CALLED = 10;
    private static final int EVENTS_A_SECOND = 1_000;
    private static final double MOST_BUILDS = 10;
    private static final double MOST_P99 = 1.1;
    private static final double MOST_MIB = 50;
    private static final int LOOKS = 4;

    private final Fleet fleet = new Fleet(SERVICES, ENDPOINTS);
    private final AtomicLong builds = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private volatile boolean storming;
    private volatile boolean done;

    private StormBenchmark() {}

    static void run(int seconds, Results results) throws InterruptedException {
        new StormBenchmark().calls(seconds, results);
        new StormBenchmark().slowObserver(seconds, results);
    }

    private void calls(int seconds, Results results) throws InterruptedException {
        results.heading(EVENTS_A_SECOND + " changes a second for " + seconds + " s, and as long without");
        int windowSeconds = Math.min(2, seconds);
        int pairs = Math.max(1, seconds / windowSeconds);
        long windowNanos = windowSeconds * 1_000_000_000L;
        double[] ratios = new double[pairs];
        double[] quietP99 = new double[pairs];
        double[] stormP99 = new double[pairs];
        long built = 0;
        try (Mesh mesh = mesh(version -> builds.incrementAndGet())) {
            List<Pick> picks = new ArrayList<>();
            for (int i = 0; i < CALLED; i++) {
                picks.add(Pick.of(i * SERVICES / CALLED));
            }
            Thread source = startSource();
            storming = true;
            timeCalls(mesh, picks, windowNanos);
            for (int pair = 0; pair < pairs; pair++) {
                for (int half = 0; half < 2; half++) {
                    boolean storm = (pair + half) % 2 == 1;
                    storming = storm;
                    long before = builds.get();
                    double p99 = timeCalls(mesh, picks, windowNanos).percentile(0.99);
                    (storm ? stormP99 : quietP99)[pair] = p99;
                    built += storm ? builds.get() - before : 0;
                }
                ratios[pair] = stormP99[pair] / quietP99[pair];
            }
            done = true;
            source.join();
        }
        double stormSeconds = (double) pairs * windowSeconds;
        results.shown("changes in all", events.get(), "");
        results.held("snapshots a second of storm", built / stormSeconds, "/s", MOST_BUILDS);
        results.shown("call, p99 in quiet", Median.of(quietP99), "ns");
        results.shown("call, p99 in storm", Median.of(stormP99), "ns");
        results.held("p99 in storm / p99 in quiet, median", Median.of(ratios), "x", MOST_P99);
    }

    private static Histogram timeCalls(Mesh mesh, List<Pick> picks, long nanos) {
        Histogram times = new Histogram();
        long start = System.nanoTime();
        long now = start;
        for (int i = 0; now - start < nanos; i = (i + 1) % picks.size()) {
            long before = System.nanoTime();
            picks.get(i).from(mesh);
            now = System.nanoTime();
            times.add(now - before);
        }
        return times;
    }

    private void slowObserver(int seconds, Results results) throws InterruptedException {
        results.heading(
                EVENTS_A_SECOND + " changes a second for " + seconds + " s, observer that takes 1 s a snapshot");
        try (Mesh mesh = mesh(version -> {
            builds.incrementAndGet();
            LockSupport.parkNanos(1_000_000_000);
        })) {
            Pick.of(0).from(mesh);
            double before = Heap.usedMebibytes();
            Thread source = startSource();
            storming = true;
            double most = 0;
            for (int look = 0; look < LOOKS; look++) {
                LockSupport.parkNanos(seconds * 1_000_000_000L / LOOKS);
                most = Math.max(most, Heap.usedMebibytes());
            }
            done = true;
            source.join();
            results.shown("changes in all", events.get(), "");
            results.held("snapshots a second", (double) builds.get() / seconds, "/s", MOST_BUILDS);
            results.shown("heap before", before, "MiB");
            results.held("growth of the heap", most - before, "MiB", MOST_MIB);
        }
    }

    private Mesh mesh(Published published) {
        return Mesh.builder()
                .config(fleet.rules())
                .endpoints(fleet)
                .observer(new MeshObserver() {
                    @Override
                    public void snapshotPublished(long version) {
                        published.version(version);
                    }
                })
                .build();
    }

    @FunctionalInterface
    private interface Published {
        void version(long version);
    }

    private Thread startSource() {
        Thread source = new Thread(this::changeWhileStorming, "source");
        source.setDaemon(true);
        source.start();
        return source;
    }

    private void changeWhileStorming() {
        long between = 1_000_000_000L / EVENTS_A_SECOND;
        long due = System.nanoTime();
        for (int service = 0; !done; service = (service + 7) % SERVICES) {
            if (storming) {
                fleet.replacePod(service);
                events.incrementAndGet();
                due += between;
            } else {
                due = System.nanoTime() + between;
            }
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
        }
    }
}
