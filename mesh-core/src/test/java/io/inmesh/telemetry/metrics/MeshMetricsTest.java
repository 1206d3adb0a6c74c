package io.inmesh.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MeshMetricsTest {
    private static final String V1 = "service=\"reviews.default.svc.cluster.local\",subset=\"v1\"";

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final MeteredMesh metered = new MeteredMesh();
    private final MeshMetrics metrics = MeshMetrics.of(metered.registry);

    private Mesh mesh(Mesh.Builder builder) {
        Mesh mesh = leaks.watch(builder.observer(metrics).build());
        metrics.bindTo(mesh);
        return mesh;
    }

    private static ScriptedExchange get(String path, Server server) {
        return ScriptedExchange.get("http://reviews:9080" + path, server);
    }

    @Test
    void aRetriedCallIsOneRequestOfTwoAttempts() throws IOException {
        Mesh mesh = mesh(metered.builder());

        mesh.execute(get("/reviews/0", attempt -> {
                    if (attempt.number() == 1) {
                        throw new ConnectException("refused");
                    }
                    return Reply.of(201, "made");
                }))
                .close();

        assertThat(metered.lines("mesh_client_requests_seconds_count"))
                .containsExactly("mesh_client_requests_seconds_count{code=\"201\",flag=\"none\",route=\"usual\"," + V1
                        + "} 1.0");
        assertThat(metered.lines("mesh_client_attempts_seconds_count"))
                .containsExactlyInAnyOrder(
                        "mesh_client_attempts_seconds_count{code=\"201\",flag=\"none\"," + V1 + "} 1.0",
                        "mesh_client_attempts_seconds_count{code=\"none\",flag=\"UF\"," + V1 + "} 1.0");
        assertThat(metered.lines("mesh_client_retries_total"))
                .containsExactly(
                        "mesh_client_retries_total{reason=\"UF\",service=\"" + MeteredMesh.REVIEWS + "\"} 1.0");
    }

    @Test
    void timeIsThatUpToTheEndOfTheBody() throws IOException {
        Mesh mesh = mesh(metered.builder());
        Reply reply = mesh.execute(get("/reviews/0", attempt -> {
            metered.clock.advance(Duration.ofMillis(250));
            return Reply.of(200, "");
        }));
        metered.clock.advance(Duration.ofMillis(500));

        assertThat(metered.lines("mesh_client_requests_seconds_count")).isEmpty();
        assertThat(metered.lines("mesh_client_active{service=\"reviews"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" 1.0"));
        assertThat(metered.lines("mesh_client_attempts_active")).containsExactly("mesh_client_attempts_active 1.0");

        reply.close();

        assertThat(metered.lines("mesh_client_requests_seconds_sum"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" 0.75"));
        assertThat(metered.lines("mesh_client_active{service=\"reviews"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" 0.0"));
        assertThat(metered.lines("mesh_client_attempts_active")).containsExactly("mesh_client_attempts_active 0.0");
    }

    @Test
    void everyEndCountsOnceWithItsFlag() {
        Mesh mesh = mesh(metered.builder());

        ends(mesh, get("/reviews/0", attempt -> {
            throw new ConnectException("refused");
        }));
        ends(mesh, get("/reviews/0", attempt -> {
            throw new IOException("broken");
        }));
        ScriptedExchange[] canceled = new ScriptedExchange[1];
        canceled[0] = get("/reviews/0", attempt -> {
            canceled[0].cancel();
            throw new IOException("Canceled");
        });
        ends(mesh, canceled[0]);
        ends(mesh, get("/slow", attempt -> {
            metered.clock.advance(Duration.ofSeconds(1));
            throw new IOException("Canceled");
        }));
        ends(mesh, get("/empty", ScriptedExchange::echoEndpoint));
        ends(mesh, get("/unrouted", ScriptedExchange::echoEndpoint));
        ends(mesh, get("/moved", ScriptedExchange::echoEndpoint));
        ends(mesh, get("/fault", ScriptedExchange::echoEndpoint));

        assertThat(ends())
                .containsExactlyInAnyOrder(
                        "usual v1 none URX 1",
                        "usual v1 none UC 1",
                        "usual v1 none DC 1",
                        "slow v1 none UT 1",
                        "empty v9 none UH 1",
                        "none none none NR 1",
                        "moved none 301 none 1",
                        "refused v1 418 FI 1");
        assertThat(metered.lines("mesh_client_active{")).allMatch(line -> line.endsWith(" 0.0"));
    }

    static void ends(Mesh mesh, ScriptedExchange exchange) {
        Throwable failure = catchThrowable(() -> mesh.execute(exchange).close());
        assertThat(failure == null || failure instanceof IOException)
                .as("%s", failure)
                .isTrue();
    }

    /** Route, subset, code and flag of each series, and its count. */
    private List<String> ends() {
        return metered.registry.find("mesh.client.requests").timers().stream()
                .map(timer -> "%s %s %s %s %d"
                        .formatted(
                                timer.getId().getTag("route"),
                                timer.getId().getTag("subset"),
                                timer.getId().getTag("code"),
                                timer.getId().getTag("flag"),
                                timer.count()))
                .toList();
    }

    @Test
    void hostsThatAreUnknownAreOneSeries() throws IOException {
        Mesh mesh = mesh(metered.builder());
        for (int i = 0; i < 5; i++) {
            mesh.execute(ScriptedExchange.get("http://host-" + i + ".example.com/"))
                    .close();
        }

        assertThat(metered.lines("mesh_client_requests_seconds_count"))
                .containsExactly("mesh_client_requests_seconds_count{code=\"200\",flag=\"none\",route=\"none\","
                        + "service=\"passthrough\",subset=\"none\"} 5.0");
    }

    @Test
    void hostsThatAreBlockedAreNoService() {
        Mesh mesh = mesh(metered.builder().outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY));

        assertThatIOException().isThrownBy(() -> mesh.execute(ScriptedExchange.get("http://elsewhere/")));

        assertThat(metered.lines("mesh_client_requests_seconds_count"))
                .containsExactly("mesh_client_requests_seconds_count{code=\"none\",flag=\"BLOCKED\",route=\"none\","
                        + "service=\"none\",subset=\"none\"} 1.0");
    }

    @Test
    void combinationsBeyondTheLimitAreOthers() throws IOException {
        MeshMetrics few = MeshMetrics.builder(metered.registry).limit(2).build();
        Mesh mesh = leaks.watch(metered.builder().observer(few).build());

        ends(mesh, get("/reviews/0", ScriptedExchange::echoEndpoint));
        ends(mesh, get("/empty", ScriptedExchange::echoEndpoint));
        ends(mesh, get("/fault", ScriptedExchange::echoEndpoint));
        ends(mesh, get("/slow", ScriptedExchange::echoEndpoint));
        ends(mesh, get("/reviews/1", ScriptedExchange::echoEndpoint));

        assertThat(ends())
                .containsExactlyInAnyOrder(
                        "usual v1 200 none 2", "empty v9 none UH 1", "other other 418 FI 1", "other other 200 none 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeshMetrics.builder(metered.registry).limit(0))
                .withMessageContaining("at least 1");
    }

    @Test
    void countsAreExactUnderThreads() throws Exception {
        int threads = 4;
        int calls = 500;
        Mesh mesh = mesh(metered.builder());
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                tasks.add(() -> {
                    for (int i = 0; i < calls; i++) {
                        int status = 200 + i % 5;
                        mesh.execute(get("/reviews/0", attempt -> Reply.of(status, "")))
                                .close();
                    }
                    return null;
                });
            }
            for (Future<Void> done : callers.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            callers.shutdown();
        }

        assertThat(ends())
                .containsExactlyInAnyOrder(
                        "usual v1 200 none 400",
                        "usual v1 201 none 400",
                        "usual v1 202 none 400",
                        "usual v1 203 none 400",
                        "usual v1 204 none 400");
        assertThat(metered.registry.find("mesh.client.attempts").timers())
                .allMatch(timer -> timer.count() == 400)
                .hasSize(5);
        assertThat(metered.lines("mesh_client_active{service=\"reviews")).allMatch(line -> line.endsWith(" 0.0"));
    }

    @Test
    void twoMeshesOfOneRegistryAreToldApartByATag() throws IOException {
        MeshMetrics others = MeshMetrics.builder(metered.registry)
                .tags(Tags.of("mesh", "second"))
                .build();
        mesh(metered.builder()).execute(ScriptedExchange.get(MeteredMesh.URL)).close();
        Mesh second = leaks.watch(metered.builder().observer(others).build());
        others.bindTo(second);

        assertThat(metered.registry.find("mesh.snapshot.generation").gauges())
                .extracting(gauge -> gauge.getId().getTag("mesh"))
                .containsExactlyInAnyOrder(null, "second");
        others.bindTo(second);
        assertThatIllegalStateException().isThrownBy(() -> metrics.bindTo(second));

        metrics.close();

        assertThat(metered.registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getTag("mesh")).isEqualTo("second"));
    }

    @Test
    void codesBeyondTheLimitAreTakenTogether() throws IOException {
        Mesh mesh = mesh(metered.builder());
        for (int status = 200; status < 260; status++) {
            int each = status;
            mesh.execute(get("/reviews/0", attempt -> Reply.of(each, ""))).close();
        }

        assertThat(ends()).hasSize(51).contains("usual v1 249 none 1", "usual v1 other none 10");
    }
}
