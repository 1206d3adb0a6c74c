package io.inmesh.jmh.call;

import io.inmesh.Mesh;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.jmh.Bar;
import io.inmesh.jmh.scale.Pick;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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

/** All that the mesh does for a call that one attempt answers, by a transport that sends nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class EngineBenchmark {
    private static final List<Integer> ANY_PORTS = List.of(9, 10, 11);

    /** What the rules ask for. */
    public enum Rules {
        /** Routing, a timeout and round robin. */
        ROUTING(""),
        /** Outlier detection and limits besides. */
        TRAFFIC_POLICY("""
                , outlierDetection: {consecutive5xxErrors: 5, consecutiveGatewayErrors: 3, maxEjectionPercent: 50},\
                 connectionPool: {tcp: {maxConnections: 1000}, http: {http2MaxRequests: 1000,\
                 http1MaxPendingRequests: 1000, maxRetries: 10}}""");

        private final String policy;

        Rules(String policy) {
            this.policy = policy;
        }
    }

    @Param
    private Rules rules = Rules.ROUTING;

    private final Pick call =
            new Pick(SimpleRequestHead.of("GET", "http://answers/1024", Map.of("end-user", List.of("jason"))));
    private @Nullable Mesh mesh;

    /** Sets up. */
    @Setup
    public void setUp() {
        Scenario scenario = new Scenario(Scenario.Protocol.H1, Scenario.Body.GET_1K, 1, ANY_PORTS.size(), true);
        String text = Client.rules(scenario, ANY_PORTS)
                .replace("simple: ROUND_ROBIN}", "simple: LEAST_REQUEST}" + rules.policy);
        mesh = Mesh.builder()
                .config(TextConfigSource.of("benchmark.yaml", text))
                .build();
    }

    /** Ends the mesh's threads. */
    @TearDown
    public void tearDown() {
        Objects.requireNonNull(mesh).close();
    }

    /** A call. */
    @Benchmark
    @Bar(nanos = 400, bytes = 250)
    public Endpoint call() {
        return call.from(Objects.requireNonNull(mesh));
    }
}
