package io.inmesh.internal.engine;

import io.inmesh.call.CircuitBreaker;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterLimits;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.cluster.ClusterSurroundings;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.cluster.RecentLatency;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.RetryPlan;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.internal.snapshot.DestinationBreaker;
import io.inmesh.internal.snapshot.Target;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.DestinationExtras;
import io.inmesh.model.HttpRetry;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.testing.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plans for a cluster of {@code 127.0.0.1 ... n}, port 9080. */
final class PlanBuilder {
    static final ClusterKey KEY = new ClusterKey("reviews.default.svc.cluster.local", 9080, "v1");
    static final String CLUSTER = "outbound|9080|v1|reviews.default.svc.cluster.local";

    private final @Nullable Cluster cluster;
    private boolean originalDestination;
    private Duration delay = Duration.ZERO;
    private Duration timeout = Duration.ZERO;
    private @Nullable SyntheticResponse abort;
    private boolean abortInjected;
    private @Nullable ResponseEdits edits;
    private RetryPlan retries = RetryPlan.DEFAULT;
    private List<CallPlan> mirrors = List.of();
    private @Nullable DestinationBreaker breaker;

    private PlanBuilder(@Nullable Cluster cluster) {
        this.cluster = cluster;
    }

    static PlanBuilder unknownCluster() {
        return new PlanBuilder(null);
    }

    static PlanBuilder hosts(int count) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            endpoints.add(Rules.endpoint("127.0.0." + i, 9080));
        }
        return over(endpoints);
    }

    /** One host, under a policy. */
    static PlanBuilder under(ClusterPolicy policy) {
        return over(List.of(Rules.endpoint("127.0.0.1", 9080)), policy);
    }

    /** No host, under a policy. */
    static PlanBuilder emptyUnder(ClusterPolicy policy) {
        return over(List.of(), policy);
    }

    /** Hosts of a cluster whose rule asks for a second attempt after a percentile of recent latencies. */
    static PlanBuilder hedged(int count, double percentile, TimeSource clock) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            endpoints.add(Rules.endpoint("127.0.0." + i, 9080));
        }
        HostRegistry registry = new HostRegistry(new ClusterSurroundings() {
            @Override
            public TimeSource time() {
                return clock;
            }
        });
        ClusterPolicy policy =
                ClusterPolicy.balancedBy(Simple.ROUND_ROBIN).withExtras(new DestinationExtras(percentile, null));
        return new PlanBuilder(
                Cluster.build(KEY, Map.of(), policy, endpoints, registry, null, new SplittableRandom(1)));
    }

    /** Hosts that are addresses of one name. */
    static PlanBuilder addresses(int count) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            endpoints.add(new Endpoint(
                    "a" + i, "127.0.0." + i, 9080, Locality.UNKNOWN, 1, Map.of(), Condition.READY, "api.example.com"));
        }
        return over(endpoints);
    }

    private static PlanBuilder over(List<Endpoint> endpoints) {
        return over(endpoints, ClusterPolicy.balancedBy(Simple.ROUND_ROBIN));
    }

    private static PlanBuilder over(List<Endpoint> endpoints, ClusterPolicy policy) {
        return new PlanBuilder(
                Cluster.build(KEY, Map.of(), policy, endpoints, new HostRegistry(), null, new SplittableRandom(1)));
    }

    PlanBuilder originalDestination() {
        originalDestination = true;
        return this;
    }

    PlanBuilder delay(Duration newDelay) {
        delay = newDelay;
        return this;
    }

    PlanBuilder timeout(Duration newTimeout) {
        timeout = newTimeout;
        return this;
    }

    PlanBuilder injectedAbort(SyntheticResponse newAbort) {
        abortInjected = true;
        return answer(newAbort);
    }

    PlanBuilder answer(SyntheticResponse newAbort) {
        abort = newAbort;
        return this;
    }

    PlanBuilder edits(ResponseEdits newEdits) {
        edits = newEdits;
        return this;
    }

    PlanBuilder attempts(int newAttempts) {
        return retries(HttpRetry.builder(newAttempts).build());
    }

    /** As a rule that says no more than this. */
    PlanBuilder retryOn(int attempts, String... conditions) {
        return retries(HttpRetry.builder(attempts).retryOn(List.of(conditions)).build());
    }

    PlanBuilder retries(HttpRetry newRetries) {
        retries = RetryPlan.of(newRetries);
        return this;
    }

    RecentLatency latency() {
        return Objects.requireNonNull(Objects.requireNonNull(cluster).recentLatency());
    }

    ClusterLimits limits() {
        return Objects.requireNonNull(cluster).runtime().limits();
    }

    PlanBuilder mirrors(PlanBuilder... copies) {
        mirrors = Stream.of(copies).map(PlanBuilder::plan).toList();
        return this;
    }

    PlanBuilder guardedBy(CircuitBreaker guard) {
        breaker = new DestinationBreaker("guard", name -> guard);
        return this;
    }

    List<Host> hosts() {
        return cluster == null
                ? List.of()
                : cluster.members().stream().map(Cluster.Member::host).toList();
    }

    Decision decision() {
        return new Decision.Forward(plan());
    }

    private CallPlan plan() {
        return new CallPlan(
                "default/reviews",
                "all",
                KEY,
                new Target(
                        cluster,
                        originalDestination,
                        0,
                        false,
                        cluster == null ? "nobody knows it" : "",
                        new Target.Asked(List.of(), ClusterPolicy.DEFAULT, Target.Asked.NOTHING.connections(), breaker),
                        false,
                        null,
                        false),
                new CallPlan.Faults(delay.toNanos(), abort, abortInjected, null),
                timeout.toNanos(),
                retries,
                new CallPlan.Request("http", "reviews:9080", "/reviews/0", null),
                edits,
                mirrors);
    }
}
