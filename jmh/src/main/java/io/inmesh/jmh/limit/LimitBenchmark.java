package io.inmesh.jmh.limit;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterLimits;
import io.inmesh.internal.cluster.ClusterLimits.Admission;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.jmh.Bar;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.ConnectionPoolSettings.Http;
import io.inmesh.model.ConnectionPoolSettings.Tcp;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.TrafficPolicy.RetryBudget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs one attempt to be admitted and released, where there is room. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class LimitBenchmark {
    private static final int MANY = 1000;

    private final ClusterLimits none = limits(TrafficPolicy.builder().build());

    private final ClusterLimits all = limits(TrafficPolicy.builder()
            .connectionPool(new ConnectionPoolSettings(
                    new Tcp(MANY, null, null, null),
                    Http.builder()
                            .http1MaxPendingRequests(MANY)
                            .http2MaxRequests(MANY)
                            .maxRetries(MANY)
                            .build()))
            .retryBudget(new RetryBudget(20.0, 3))
            .build());

    private final Bulkhead bulkhead = Bulkhead.of(
            "reviews",
            BulkheadConfig.custom()
                    .maxConcurrentCalls(MANY)
                    .maxWaitDuration(Duration.ZERO)
                    .build());

    private static ClusterLimits limits(TrafficPolicy policy) {
        return Cluster.build(
                        new ClusterKey("reviews.default.svc.cluster.local", 9080, ""),
                        Map.of(),
                        ClusterPolicy.DEFAULT.overriddenBy(policy, 9080),
                        List.<Endpoint>of(),
                        new HostRegistry(),
                        null,
                        new SplittableRandom(1))
                .runtime()
                .limits();
    }

    private static boolean attempt(ClusterLimits limits) {
        boolean counted = limits.admit(false) == Admission.COUNTED;
        if (counted) {
            limits.release();
        }
        return counted;
    }

    /** No rule limits the cluster. */
    @Benchmark
    @Bar(nanos = 10)
    public boolean noLimits() {
        return attempt(none);
    }

    /** Limits on requests, connections, those that wait and retries, and a budget. */
    @Benchmark
    @Bar(nanos = 50)
    public boolean allLimits() {
        return attempt(all);
    }

    /** What resilience4j does for one of them: a semaphore, and events that nobody listens to. */
    @Benchmark
    public boolean bulkhead() {
        boolean permitted = bulkhead.tryAcquirePermission();
        if (permitted) {
            bulkhead.onComplete();
        }
        return permitted;
    }
}
