package io.inmesh.jmh.route;

import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.SnapshotCompiler;
import io.inmesh.internal.time.PerThreadRandom;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.jmh.Bar;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.PathNormalization;
import io.inmesh.model.VirtualService;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Finding the route of a request among many: host look-up, canonical path, and rules that ask for a path or a header each. In the plain list of Istio a miss compares with all of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RouteMatchBenchmark {
    private static final String HOST = "reviews.default.svc.cluster.local";

    private static final int FEW = 20;

    /** What a rule asks for; {@code %1$d} is its number. */
    public enum Asked {
        /** A path that starts so, and a header. */
        PREFIX_AND_HEADER("{headers: {end-user: {exact: user-%1$d}}, uri: {prefix: /reviews/%1$d/}}"),
        /** A whole path. */
        EXACT("{uri: {exact: /reviews/%1$d/0}}"),
        /** A path that starts so. */
        PREFIX("{uri: {prefix: /reviews/%1$d/}}"),
        /** A header's value. */
        HEADER("{headers: {end-user: {exact: user-%1$d}}}");

        private final String match;

        Asked(String match) {
            this.match = match;
        }
    }

    @Param
    private Asked asked = Asked.EXACT;

    @Param({"1", "20", "200", "2000"})
    private int rules;

    private @Nullable MeshSnapshot snapshot;
    private @Nullable MeshSnapshot few;
    private @Nullable RequestHead missing;
    private @Nullable RequestHead hitting;
    private @Nullable RequestHead hittingFew;

    /** Compiles the rules. */
    @Setup
    public void compile() {
        snapshot = compiled(rules);
        few = compiled(FEW);
        missing = head(rules + FEW);
        hitting = head(rules - 1);
        hittingFew = head(FEW - 1);
    }

    private MeshSnapshot compiled(int count) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                """);
        for (int rule = 0; rule < count; rule++) {
            yaml.append("""
                      - match: [%s]
                        route: [{destination: {host: reviews}}]
                    """.formatted(asked.match.formatted(rule)));
        }
        ConfigReader.Result read = ConfigReader.strict().read("benchmark.yaml", yaml.toString());
        VirtualService virtualService = (VirtualService) read.objects().get(0);
        Endpoint endpoint = new Endpoint("e", "127.0.0.1", 9082, Locality.UNKNOWN, 1, Map.of(), Condition.READY);
        ServiceEndpoints service = new ServiceEndpoints(
                new ServiceName(HOST),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, List.of(endpoint)),
                List.of());
        return new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, false, PerThreadRandom.INSTANCE)
                .compile(
                        new MeshConfig(List.of(virtualService), List.of(), List.of()),
                        List.of(service),
                        new HostRegistry(),
                        null,
                        1)
                .snapshot();
    }

    private static RequestHead head(int number) {
        return SimpleRequestHead.of(
                "GET",
                "http://reviews:9080/reviews/" + number + "/0?x=1",
                Map.of(
                        "accept", List.of("application/json"),
                        "user-agent", List.of("benchmark"),
                        "x-request-id", List.of("4711"),
                        "end-user", List.of("user-" + number)));
    }

    /** A miss among twenty. */
    @Benchmark
    @Bar(nanos = 150)
    public @Nullable CompiledRoute missOfTwenty() {
        return match(few, missing);
    }

    /** No rule matches. */
    @Benchmark
    @Bar(floor = "missOfTwenty", times = 3)
    public @Nullable CompiledRoute miss() {
        return match(snapshot, missing);
    }

    /** The last of twenty matches. */
    @Benchmark
    @Bar
    public @Nullable CompiledRoute hitOfTwenty() {
        return match(few, hittingFew);
    }

    /** The last rule matches. */
    @Benchmark
    @Bar(floor = "hitOfTwenty", times = 3)
    public @Nullable CompiledRoute hit() {
        return match(snapshot, hitting);
    }

    private static @Nullable CompiledRoute match(@Nullable MeshSnapshot snapshot, @Nullable RequestHead request) {
        RequestHead head = Objects.requireNonNull(request);
        RouteTable routes = Objects.requireNonNull(snapshot).routes();
        VirtualHost host = Objects.requireNonNull(routes.find(head));
        return host.match(head, PathNormalization.BASE.canonical(head.pathAndQuery()));
    }

    /** The whole decision of a request that the last rule takes, plan included. */
    @Benchmark
    public Decision decide() {
        return Objects.requireNonNull(snapshot)
                .decide(Objects.requireNonNull(hitting), PerThreadRandom.INSTANCE, TimeSource.system());
    }
}
