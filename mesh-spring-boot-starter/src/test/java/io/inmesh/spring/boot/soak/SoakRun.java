package io.inmesh.spring.boot.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A whole soak: rounds of trouble, then calm, and what has to hold at the end of each. */
final class SoakRun {
    private static final int ROUNDS = 4;
    private static final int CALM_CALLS = 300;

    /**
     * Less than an object a call where there are many calls; what pools and caches hold differs by about a third of it
     * from round to round.
     */
    private static final long HEAP_GROWTH = 3 << 20;

    /**
     * Shared by all of a process and soon idle: of OkHttp, Reactor and Java, which runs virtual threads on some of them;
     * the last is of this test's own waiting.
     */
    private static final Set<String> SHARED_THREADS = Set.of(
            "OkHttp TaskRunner",
            "Okio Watchdog",
            "parallel-",
            "boundedElastic-",
            "HttpClient-",
            "ForkJoinPool",
            "MasterPoller",
            "Read-Poller",
            "Write-Poller",
            "VirtualThread-unblocker",
            "awaitility");

    private SoakRun() {}

    static void run(SoakSettings settings, SoakApplication soaked) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<Long> heap = new ArrayList<>();

        try (Soak soak = new Soak(settings, soaked)) {
            for (int i = 0; i < ROUNDS; i++) {
                soak.round(settings.duration().dividedBy(ROUNDS));
                soak.awaitIdle();
                Map<String, Integer> connections = soak.fleet().openConnections();
                soak.fleet().restart();
                heap.add(Soak.heap());
                System.out.printf(
                        "%d calls, connections %s, %d threads, heap %d kB%n",
                        soak.calls(), connections, Thread.activeCount(), heap.get(i) >> 10);
            }
            System.out.println(soak.report());
            assertThat(soak.report().wrong())
                    .as("calls and attempts that nothing had cut")
                    .isEmpty();
            assertThat(heap.get(ROUNDS - 1) - heap.get(1))
                    .as("growth of the heap, %s", heap)
                    .isLessThan(HEAP_GROWTH);
            sharesAreEven(soak);

            soak.closeApplication();
            Awaitility.await("connections that stay open")
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(soak.fleet().openConnections()).isEmpty());
        }
        Awaitility.await("threads left")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threadsSince(before)).isEmpty());
    }

    /**
     * A count that stuck would take calls away from its endpoint. Where nothing is in flight every pick is an even draw, so
     * that a share is within five standard deviations but once in a million times; calls side by side only even it out.
     */
    private static void sharesAreEven(Soak soak) throws Exception {
        Map<SoakEndpoint, Long> before = new LinkedHashMap<>();
        soak.fleet().endpoints().forEach(endpoint -> before.put(endpoint, endpoint.requests()));

        soak.calmRound(CALM_CALLS);
        soak.awaitIdle();

        assertThat(soak.report().wrong())
                .as("calls that fail when all is calm again")
                .isEmpty();
        for (String service : soak.fleet().services()) {
            List<Long> shares = soak.fleet().endpoints(service).stream()
                    .map(endpoint -> endpoint.requests() - before.get(endpoint))
                    .toList();
            double calls = shares.stream().mapToLong(Long::longValue).sum();
            double mean = calls / shares.size();
            double deviation = Math.sqrt(mean * (1 - 1.0 / shares.size()));
            System.out.println(service + " " + shares);
            assertThat(shares)
                    .as("calls of the endpoints of %s", service)
                    .allSatisfy(
                            share -> assertThat((double) share).isBetween(mean - 5 * deviation, mean + 5 * deviation));
        }
    }

    private static List<String> threadsSince(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> SHARED_THREADS.stream().noneMatch(name::startsWith))
                .sorted()
                .collect(Collectors.toList());
    }
}
