package io.inmesh.jmh.scale;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.jmh.Benchmarks;
import io.inmesh.jmh.Median;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.kubernetes.ServiceScope;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.DiscoveryV1Api;
import io.kubernetes.client.openapi.models.V1EndpointSliceList;
import io.kubernetes.client.openapi.models.V1ServiceList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * From nothing to the table of 1000 services of 50 endpoints, told to somebody who follows them all: over a WatchList, and
 * over pages of a list as servers before Kubernetes 1.32 give them. Beside it client-java's typed models of the same
 * bytes, kept in lists.
 *
 * <p>The first sync of a process, which finds no class loaded and nothing compiled, is measured in several JVMs, one after
 * the other, since it happens once in each; their server is the one of this JVM. The rounds of this JVM show what the JIT
 * makes of it. Allocated is what all threads but the server's have allocated; retained is what a collection leaves more
 * than before.
 */
final class FirstSyncBenchmark {
    private static final int SERVICES = 1_000;
    private static final int ENDPOINTS = 50;
    private static final int ROUNDS = 5;
    private static final int COLD_STARTS = 5;
    private static final int PAGE = 500;
    private static final String FIRST = "first round: ";
    private static final double MOST_SECONDS = 2;
    private static final double MOST_ALLOCATED = 100;
    private static final double MOST_RETAINED = 25;

    private final List<byte[]> services = ClusterJson.services(SERVICES);
    private final List<byte[]> slices = ClusterJson.slices(SERVICES, ENDPOINTS);
    private final Path kubeconfig;

    private FirstSyncBenchmark(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
    }

    /** A way to read everything; what it returns holds the whole. */
    @FunctionalInterface
    private interface Reading {
        Whole read(String url) throws Exception;
    }

    /** Everything, held until it is let go. */
    @FunctionalInterface
    private interface Whole {
        void letGo();
    }

    /** Figures of one way, round by round. */
    private record Figures(double[] seconds, double[] allocated, double[] retained) {
        Figures() {
            this(new double[ROUNDS], new double[ROUNDS], new double[ROUNDS]);
        }
    }

    static void run(Results results) throws Exception {
        Path kubeconfig = Files.createTempFile("inmesh-benchmark", ".kubeconfig");
        try {
            new FirstSyncBenchmark(kubeconfig).runAll(results);
        } finally {
            Files.delete(kubeconfig);
        }
    }

    /** Prints the seconds of a first sync with the server that a kubeconfig names. */
    static void printFirst(String kubeconfig) throws InterruptedException {
        long start = System.nanoTime();
        Whole whole = table(Path.of(kubeconfig));
        System.out.println(FIRST + (System.nanoTime() - start) / 1e9);
        whole.letGo();
    }

    private double[] firstRounds(boolean watchLists) throws Exception {
        double[] seconds = new double[COLD_STARTS];
        try (ListServer server = new ListServer(services, slices, watchLists)) {
            writeKubeconfig(server.url());
            for (int i = 0; i < COLD_STARTS; i++) {
                seconds[i] = firstRound();
            }
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private double firstRound() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Benchmarks.class.getName(),
                        "scale",
                        Scale.FIRST,
                        kubeconfig.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            return out.lines()
                    .filter(line -> line.startsWith(FIRST))
                    .mapToDouble(line -> Double.parseDouble(line.substring(FIRST.length())))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("a first round has ended without a figure"));
        } finally {
            process.waitFor();
        }
    }

    private void writeKubeconfig(String url) throws IOException {
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                current-context: benchmark
                clusters: [{name: benchmark, cluster: {server: '%s'}}]
                users: [{name: benchmark, user: {token: benchmark}}]
                contexts: [{name: benchmark, context: {cluster: benchmark, user: benchmark}}]
                """.formatted(url));
    }

    private void runAll(Results results) throws Exception {
        results.heading("first sync of " + SERVICES + " services x " + ENDPOINTS + " endpoints");
        long bytes = services.stream().mapToLong(it -> it.length).sum()
                + slices.stream().mapToLong(it -> it.length).sum();
        results.shown("JSON", bytes / 1048576.0, "MiB");
        double[] firstWatchList = firstRounds(true);
        double[] firstList = firstRounds(false);
        Figures watchList = new Figures();
        Figures list = new Figures();
        Figures typed = new Figures();
        for (int round = 0; round < ROUNDS; round++) {
            measure(true, this::tableAt, watchList, round);
            measure(false, this::tableAt, list, round);
            measure(false, FirstSyncBenchmark::typedModels, typed, round);
        }
        holdFirst("WatchList", firstWatchList, results);
        hold("WatchList", watchList, results);
        holdFirst("list", firstList, results);
        hold("list", list, results);
        results.shown("client-java: median", Median.of(typed.seconds), "s");
        results.shown("client-java: allocated, median", Median.of(typed.allocated), "MiB");
        results.shown("client-java: retained, median", Median.of(typed.retained), "MiB");
    }

    private static void holdFirst(String name, double[] sorted, Results results) {
        results.shown(name + ": first of a process, shortest", sorted[0], "s");
        results.held(name + ": first of a process, median", Median.of(sorted), "s", MOST_SECONDS);
        results.shown(name + ": first of a process, longest", sorted[sorted.length - 1], "s");
    }

    private static void hold(String name, Figures figures, Results results) {
        results.held(name + ": median", Median.of(figures.seconds), "s", MOST_SECONDS);
        results.held(name + ": allocated, most", most(figures.allocated), "MiB", MOST_ALLOCATED);
        results.held(name + ": retained, most", most(figures.retained), "MiB", MOST_RETAINED);
    }

    private static double most(double[] values) {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }

    private void measure(boolean watchLists, Reading reading, Figures figures, int round) throws Exception {
        try (ListServer server = new ListServer(services, slices, watchLists)) {
            double used = Heap.usedMebibytes();
            Map<Long, Long> allocated = Heap.allocatedByThread();
            long start = System.nanoTime();
            Whole whole = reading.read(server.url());
            figures.seconds[round] = (System.nanoTime() - start) / 1e9;
            figures.allocated[round] = Heap.mebibytesSince(allocated);
            figures.retained[round] = Heap.usedMebibytes() - used;
            whole.letGo();
        }
    }

    private Whole tableAt(String url) throws Exception {
        writeKubeconfig(url);
        return table(kubeconfig);
    }

    /** InMesh: a source that follows all services, and a follower of each that waits for its endpoints. */
    private static Whole table(Path kubeconfig) throws InterruptedException {
        KubernetesConnection cluster = KubernetesConnection.of(KubernetesSettings.builder()
                .kubeconfig(kubeconfig)
                .services(ServiceScope.ALL)
                .build());
        KubernetesEndpointSource source = new KubernetesEndpointSource(cluster);
        CountDownLatch complete = new CountDownLatch(SERVICES);
        Set<ServiceName> followed = ConcurrentHashMap.newKeySet();
        Set<ServiceName> told = ConcurrentHashMap.newKeySet();
        source.watchNames(names -> names.forEach(name -> {
            if (followed.add(name)) {
                source.watch(name, update -> {
                    if (isWhole(update) && told.add(name)) {
                        complete.countDown();
                    }
                });
            }
        }));
        if (!complete.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + told.size() + " services were told: " + source.status());
        }
        return () -> {
            source.close();
            cluster.close();
        };
    }

    private static boolean isWhole(ServiceEndpoints service) {
        return service.endpoints().getOrDefault(80, List.of()).size() == ENDPOINTS;
    }

    private static Whole typedModels(String url) throws Exception {
        ApiClient client = new ApiClient().setBasePath(url);
        List<Object> kept = new ArrayList<>();
        String next = null;
        do {
            V1ServiceList page = new CoreV1Api(client)
                    .listServiceForAllNamespaces()
                    .limit(PAGE)
                    ._continue(next)
                    .execute();
            kept.addAll(page.getItems());
            next = Objects.requireNonNull(page.getMetadata()).getContinue();
        } while (next != null);
        do {
            V1EndpointSliceList page = new DiscoveryV1Api(client)
                    .listEndpointSliceForAllNamespaces()
                    .limit(PAGE)
                    ._continue(next)
                    .execute();
            kept.addAll(page.getItems());
            next = Objects.requireNonNull(page.getMetadata()).getContinue();
        } while (next != null);
        if (kept.size() != 2 * SERVICES) {
            throw new IllegalStateException("only " + kept.size() + " objects were listed");
        }
        return kept::clear;
    }
}
