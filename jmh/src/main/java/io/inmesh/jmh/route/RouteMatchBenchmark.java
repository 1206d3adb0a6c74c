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
import io.inmesh.internal.route.CanonicalPath;
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
 * Finding the route of a request: host look-up, canonical path, and rules with a header and a prefix condition each. A
 * miss walks all of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RouteMatchBenchmark {
    private static final String HOST = "reviews.default.svc.cluster.local";

    @Param({"1", "20", "200"})
    private int rules;

    private @Nullable MeshSnapshot snapshot;
    private @Nullable RequestHead missing;
    private @Nullable RequestHead hitting;

    /** Compiles the rules. */
    @Setup
    public void compile() {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                """);
        for (int rule = 0; rule < rules; rule++) {
            yaml.append("""
                      - match: [{headers: {end-user: {exact: user-%1$d}}, uri: {prefix: /reviews/%1$d/}}]
                        route: [{destination: {host: reviews}}]
                    """.formatted(rule));
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
        snapshot = new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, PerThreadRandom.INSTANCE)
                .compile(
                        new MeshConfig(List.of(virtualService), List.of(), List.of()),
                        List.of(service),
                        new HostRegistry(),
                        null,
                        1)
                .snapshot();
        missing = head("/reviews/" + rules + "/0", "user-" + rules);
        int last = rules - 1;
        hitting = head("/reviews/" + last + "/0", "user-" + last);
    }

    private static RequestHead head(String path, String user) {
        return SimpleRequestHead.of(
                "GET",
                "http://reviews:9080" + path + "?x=1",
                Map.of(
                        "accept", List.of("application/json"),
                        "user-agent", List.of("benchmark"),
                        "x-request-id", List.of("4711"),
                        "end-user", List.of(user)));
    }

    /** The match alone, when no rule matches. */
    @Benchmark
    @Bar
    public @Nullable CompiledRoute missOnly() {
        RequestHead head = Objects.requireNonNull(missing);
        RouteTable routes = Objects.requireNonNull(snapshot).routes();
        VirtualHost host = Objects.requireNonNull(routes.find(head));
        return host.match(head, CanonicalPath.of(head.pathAndQuery()));
    }

    /** The match alone, when the last rule matches. */
    @Benchmark
    @Bar
    public @Nullable CompiledRoute hitOnly() {
        RequestHead head = Objects.requireNonNull(hitting);
        RouteTable routes = Objects.requireNonNull(snapshot).routes();
        VirtualHost host = Objects.requireNonNull(routes.find(head));
        return host.match(head, CanonicalPath.of(head.pathAndQuery()));
    }

    /** The whole decision of a request that the last rule takes, plan included. */
    @Benchmark
    public Decision decide() {
        return Objects.requireNonNull(snapshot)
                .decide(Objects.requireNonNull(hitting), PerThreadRandom.INSTANCE, TimeSource.system());
    }
}
