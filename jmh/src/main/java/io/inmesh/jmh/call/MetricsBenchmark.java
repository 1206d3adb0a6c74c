package io.inmesh.jmh.call;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.observe.MeshObserver;
import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.telemetry.metrics.IstioMetrics;
import io.inmesh.telemetry.metrics.MeshMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What metrics add to a call through the mesh without its sockets: the difference to {@code OFF} is all that is done because
 * somebody observes the call.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class MetricsBenchmark {
    private static final int ANY_PORT = 9;
    private static final byte[] BODY = new byte[1 << 10];
    private static final Headers HEADERS =
            Headers.of("Content-Type", "text/plain", "Content-Length", "1024", "Date", "Sat, 28 Nov 2026 17:00:00 GMT");

    /** What is metered. */
    public enum Metered {
        /** Nothing. */
        OFF,
        /** Each call is observed by somebody who does nothing. */
        OBSERVED,
        /** The mesh's own metrics in Micrometer's own registry. */
        SIMPLE,
        /** The mesh's own metrics for Prometheus. */
        PROMETHEUS,
        /** Those, and Istio's. */
        ISTIO
    }

    @Param
    private Metered metered = Metered.OFF;

    private final Request request = Client.request("answers", Scenario.Body.GET_1K);
    private @Nullable Mesh mesh;
    private @Nullable OkHttpClient client;

    /** Sets up. */
    @Setup
    public void setUp() {
        Interceptor answer = chain -> new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .headers(HEADERS)
                .body(ResponseBody.create(BODY, null))
                .build();
        Scenario scenario = new Scenario(Scenario.Protocol.H1, Scenario.Body.GET_1K, 1, 1, true);
        Mesh.Builder builder =
                Mesh.builder().config(TextConfigSource.of("benchmark.yaml", Client.rules(scenario, List.of(ANY_PORT))));
        observers().forEach(builder::observer);
        mesh = builder.build();
        client = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(mesh))
                .addInterceptor(answer)
                .build();
    }

    private List<MeshObserver> observers() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return switch (metered) {
            case OFF -> List.of();
            case OBSERVED -> List.of(new IdleObserver());
            case SIMPLE -> List.of(MeshMetrics.of(new SimpleMeterRegistry()));
            case PROMETHEUS -> List.of(MeshMetrics.of(registry));
            case ISTIO ->
                List.of(
                        MeshMetrics.of(registry),
                        IstioMetrics.builder(registry, WorkloadIdentity.DEFAULT).build());
        };
    }

    /** Ends the mesh's threads. */
    @TearDown
    public void tearDown() {
        Objects.requireNonNull(mesh).close();
    }

    /** A call through the mesh. */
    @Benchmark
    public long call() throws IOException {
        try (Response response = Objects.requireNonNull(client).newCall(request).execute()) {
            return response.body().source().readAll(Okio.blackhole());
        }
    }
}
