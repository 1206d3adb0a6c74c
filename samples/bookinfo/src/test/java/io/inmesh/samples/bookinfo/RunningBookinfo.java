package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inmesh.Mesh;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bookinfo on free ports with a rules folder of its own, and the user in front of it. */
final class RunningBookinfo implements AutoCloseable {
    /** A watcher that polls needs seconds; one that is told needs none. */
    private static final Duration TO_TAKE_A_RULE = Duration.ofSeconds(20);

    private static final Duration TO_ANSWER = Duration.ofSeconds(30);
    private static final List<Instance> CALLERS =
            List.of(Instance.PRODUCTPAGE_V1, Instance.REVIEWS_V2, Instance.REVIEWS_V3);
    private static final List<String> SERVICES = List.of("productpage", "details", "reviews", "ratings");
    private static final Pattern POD = Pattern.compile("\"podname\":\"([^\"]+)\"");

    /** An answer and how long it took. */
    record Answer(int status, String body, Duration took) {
        boolean shows(String text) {
            return body.contains(text);
        }
    }

    private final Path rules;
    private final Bookinfo bookinfo;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TO_ANSWER).build();

    private RunningBookinfo(Path rules, Bookinfo bookinfo) {
        this.rules = rules;
        this.bookinfo = bookinfo;
    }

    static RunningBookinfo watching(Path rules) {
        return new RunningBookinfo(rules, Bookinfo.start(new Settings(0, rules, null, null)));
    }

    /** Behind a gateway, with metrics, and with traces that go to a collector. */
    static RunningBookinfo observed(Path rules, URI collector) {
        return new RunningBookinfo(rules, Bookinfo.start(new Settings(0, rules, 0, collector)));
    }

    Bookinfo bookinfo() {
        return bookinfo;
    }

    /** Empties the rules folder and waits until nothing of it is in force. */
    void forgetRules() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(rules)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Instance caller : CALLERS) {
            until(
                    caller,
                    mesh -> SERVICES.stream()
                            .allMatch(service -> ruleFor(mesh, service) == null
                                    && mesh.explain("GET", url(service), Map.of()).candidates().stream()
                                            .noneMatch(candidate ->
                                                    candidate.cluster().contains("|v"))));
            until(caller, mesh -> !mesh.status().hasErrors());
        }
    }

    /** Copies a file into the rules folder, byte for byte. */
    void drop(Path file) {
        try {
            Files.copy(file, rules.resolve(file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String name, String yaml) {
        try {
            Files.writeString(rules.resolve(name), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String name) {
        try {
            Files.delete(rules.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until calls to a service are taken by a rule that is written in the file. */
    void awaitRule(String service, String file) {
        for (Instance caller : CALLERS) {
            until(caller, mesh -> {
                String rule = ruleFor(mesh, service);
                return rule != null && Path.of(rule).endsWith(file);
            });
        }
    }

    /** Waits until every caller's mesh is as it should be. */
    void awaitEverywhere(Predicate<Mesh> condition) {
        CALLERS.forEach(caller -> until(caller, condition));
    }

    Mesh mesh(Instance instance) {
        return bookinfo.context(instance).getBean(Mesh.class);
    }

    /** The page as somebody sees it who is signed in as {@code user}, or as nobody for null. */
    Answer page(@Nullable String user) {
        HttpRequest.Builder request = HttpRequest.newBuilder(bookinfo.page());
        return send(user == null ? request : request.header("cookie", "user=" + user));
    }

    Answer get(Instance instance, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(bookinfo.at(instance).resolve(path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Starts to fetch; the answer counts its own time. */
    CompletableFuture<Answer> later(java.util.function.Supplier<Answer> fetch) {
        return CompletableFuture.supplyAsync(fetch, task -> {
            Thread thread = new Thread(task, "reader");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** How often each instance of reviews answers, asked by productpage. */
    Map<String, Integer> reviewsInstances(int calls) {
        Map<String, Integer> counts = new ConcurrentHashMap<>();
        URI uri = bookinfo.at(Instance.PRODUCTPAGE_V1).resolve("/api/v1/products/0/reviews");
        int readers = 4;
        List<CompletableFuture<Answer>> running = new ArrayList<>();
        for (int reader = 0; reader < readers; reader++) {
            running.add(later(() -> {
                Answer last = null;
                for (int i = 0; i < calls / readers; i++) {
                    last = send(HttpRequest.newBuilder(uri));
                    Matcher pod = POD.matcher(last.body());
                    counts.merge(pod.find() ? pod.group(1) : "status " + last.status(), 1, Integer::sum);
                }
                return last;
            }));
        }
        running.forEach(CompletableFuture::join);
        return counts;
    }

    /** How many requests for a path prefix an instance has answered since it started; waits for those under way. */
    long answered(Instance instance, String uri) {
        MeterRegistry meters = bookinfo.context(instance).getBean(MeterRegistry.class);
        // A request is counted after its answer has gone out, and then no longer active.
        await().until(() -> meters.find("http.server.requests.active").longTaskTimers().stream()
                        .mapToInt(LongTaskTimer::activeTasks)
                        .sum()
                == 0);
        return meters.find("http.server.requests").tag("uri", uri).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private Answer send(HttpRequest.Builder request) {
        long start = System.nanoTime();
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(TO_ANSWER).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void until(Instance caller, Predicate<Mesh> condition) {
        Mesh mesh = mesh(caller);
        await().atMost(TO_TAKE_A_RULE)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(condition.test(mesh))
                        .as("state of %s's mesh: %s", caller.instanceName(), mesh.status())
                        .isTrue());
    }

    private static String url(String service) {
        return "http://" + service + ":9080/" + service + "/0";
    }

    /** File of the rule that takes calls to a service, null for none. */
    private static @Nullable String ruleFor(Mesh mesh, String service) {
        var explanation = mesh.explain("GET", url(service), Map.of());
        return explanation.virtualService() == null || explanation.routeOrigin() == null
                ? null
                : explanation.routeOrigin().source();
    }

    @Override
    public void close() {
        bookinfo.close();
    }
}
