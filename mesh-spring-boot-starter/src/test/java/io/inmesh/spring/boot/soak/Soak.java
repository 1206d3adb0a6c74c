package io.inmesh.spring.boot.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;

/** Servers, an application whose clients call them, and the callers. */
final class Soak implements AutoCloseable {
    private static final int LEAST_CALLERS = 16;
    private static final int LEAST_CALLERS_OF_A_CLIENT = 2;
    private static final int LONGEST_AWAY_MILLIS = 200;
    private static final int LONGEST_BETWEEN_RESTARTS_MILLIS = 1000;

    private final SoakSettings settings;
    private final SoakFleet fleet;
    private final SoakReport report;
    private final ConfigurableApplicationContext application;
    private final List<SoakClient> clients;
    private final List<SoakCaller> callers = new ArrayList<>();
    private final ScheduledExecutorService cutter =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "soak-cutter"));
    private final AtomicLong ids = new AtomicLong();
    private final SystemProperties properties = new SystemProperties();
    private final Random random;

    Soak(SoakSettings settings, SoakApplication soaked) throws IOException {
        this.settings = settings;
        this.random = new Random(settings.seed());
        this.fleet = new SoakFleet(random);
        this.report = new SoakReport(fleet);
        fleet.writeTrustStore(properties);
        soaked.prepare(properties);
        this.application = start(soaked);
        this.clients = soaked.clients(application, fleet);
        int callersOfAClient = Math.max(LEAST_CALLERS_OF_A_CLIENT, LEAST_CALLERS / clients.size());
        for (SoakClient client : clients) {
            for (int i = 0; i < callersOfAClient; i++) {
                callers.add(new SoakCaller(client, fleet.services(), report, cutter, ids, random.nextLong()));
            }
        }
    }

    private ConfigurableApplicationContext start(SoakApplication soaked) throws IOException {
        try {
            return soaked.start(fleet, report, settings);
        } catch (RuntimeException e) {
            properties.close();
            fleet.close();
            throw e;
        }
    }

    SoakFleet fleet() {
        return fleet;
    }

    SoakReport report() {
        return report;
    }

    long calls() {
        return ids.get();
    }

    /** Lets all callers call, under the disturbances of the settings, and waits until they have ended. */
    void round(Duration duration) throws Exception {
        long end = System.nanoTime() + duration.toNanos();
        List<Thread> threads = start(caller -> caller.callUntil(end, settings.disturbances()));
        while (settings.disturbances().contains(Disturbance.RESTART)
                && System.nanoTime() - end + TimeUnit.MILLISECONDS.toNanos(LONGEST_BETWEEN_RESTARTS_MILLIS) < 0) {
            Thread.sleep(random.nextInt(LONGEST_BETWEEN_RESTARTS_MILLIS));
            List<SoakEndpoint> endpoints = fleet.endpoints();
            endpoints
                    .get(random.nextInt(endpoints.size()))
                    .restart(random.nextBoolean(), random.nextInt(LONGEST_AWAY_MILLIS));
        }
        join(threads, duration.plusSeconds(SoakCall.LONGEST_SECONDS));
    }

    /** Lets the callers together call every service so often, undisturbed. */
    void calmRound(int times) throws Exception {
        join(start(caller -> caller.callCalmly(times / callers.size())), Duration.ofMinutes(2));
    }

    private List<Thread> start(Consumer<SoakCaller> work) {
        List<Thread> threads = callers.stream()
                .map(caller -> settings.threads().newThread(() -> work.accept(caller)))
                .toList();
        threads.forEach(Thread::start);
        return threads;
    }

    private static void join(List<Thread> threads, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            assertThat(thread.isAlive())
                    .as("a call that never ends: %s", List.of(thread.getStackTrace()))
                    .isFalse();
        }
    }

    /** Waits until no attempt is in flight; those of dropped responses are not until the garbage is collected. */
    void awaitIdle() {
        Mesh mesh = application.getBean(Mesh.class);
        Awaitility.await("attempts in flight").atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            // Looks at what was dropped, as the next call would.
            mesh.status();
            return MeshTesting.activeRequests(mesh) == 0;
        });
    }

    /** Bytes of the heap in use, without garbage. */
    static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Closes the application and what its clients hold; the servers stay. */
    void closeApplication() {
        application.close();
        for (SoakClient client : clients) {
            client.close();
        }
        cutter.shutdownNow();
    }

    @Override
    public void close() throws IOException {
        closeApplication();
        properties.close();
        fleet.close();
    }
}
