package io.inmesh.internal.control;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.toSubset;
import static io.inmesh.testing.Rules.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.Ejection;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.serviceentry.DnsSettings;
import io.inmesh.internal.snapshot.SnapshotCompiler;
import io.inmesh.internal.subscription.SubscriptionSettings;
import io.inmesh.internal.time.Threads;
import io.inmesh.model.MeshConfig;
import io.inmesh.observe.MeshObserver;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.Rules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** What tests of this class share. */
abstract class ControlLoopFixture {
    static final String REVIEWS = "reviews.default.svc.cluster.local";
    static final String RATINGS = "ratings.default.svc.cluster.local";
    static final Duration WAIT = Duration.ofSeconds(5);
    static final Duration IDLE = Duration.ofMinutes(10);

    final ManualClock clock = new ManualClock();
    final RecordingObserver observer = new RecordingObserver();
    final FakeConfigSource rules = new FakeConfigSource("rules.yaml");
    final FakeEndpointSource registry = new FakeEndpointSource("registry");
    final List<MeshConfig> compiled = new ArrayList<>();
    final List<ControlLoop> loops = new ArrayList<>();
    final List<InetAddress> dnsAnswer = new ArrayList<>();
    boolean registryOnly;
    Duration publishInterval = Duration.ZERO;
    Consumer<MeshConfig> beforeCompile = config -> {};
    MeshObserver alsoTell = MeshObserver.NONE;

    ControlLoop loop(Executor control, List<FakeConfigSource> configs, EndpointSource... endpoints) {
        SnapshotCompiler compiler =
                new SnapshotCompiler(WorkloadIdentity.DEFAULT, registryOnly, false, new SplittableRandom(1));
        ControlLoop loop = new ControlLoop(
                List.copyOf(configs),
                Arrays.asList(endpoints),
                (config, services, hosts, previous, version) -> {
                    compiled.add(config);
                    beforeCompile.accept(config);
                    return compiler.compile(config, services, hosts, previous, version);
                },
                settings(publishInterval),
                clock,
                () -> 0L,
                new Threads(control, clock, Runnable::run, Runnable::run, () -> {}),
                new MeshObserver() {
                    @Override
                    public void snapshotPublished(long version) {
                        observer.snapshotPublished(version);
                        alsoTell.snapshotPublished(version);
                    }

                    @Override
                    public void configRejected(String source, List<ConfigProblem> problems) {
                        observer.configRejected(source, problems);
                    }

                    @Override
                    public void hostEjected(Ejection ejection) {
                        observer.hostEjected(ejection);
                    }

                    @Override
                    public void hostReadmitted(Ejection ejection) {
                        observer.hostReadmitted(ejection);
                    }
                });
        loops.add(loop);
        return loop;
    }

    ControlSettings settings(Duration interval) {
        return new ControlSettings(
                new SubscriptionSettings(WorkloadIdentity.DEFAULT, WAIT, IDLE),
                new DnsSettings(this::resolve, Duration.ofSeconds(30), DnsLookupFamily.AUTO),
                interval,
                Duration.ZERO,
                true);
    }

    ControlLoop begun(EndpointSource... endpoints) {
        ControlLoop loop = loop(Runnable::run, List.of(rules), endpoints);
        loop.begin();
        return loop;
    }

    List<InetAddress> resolve(String host) throws UnknownHostException {
        if (dnsAnswer.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return List.copyOf(dnsAnswer);
    }

    @AfterEach
    void everythingIsClosed() {
        loops.forEach(ControlLoop::close);
        assertThat(rules.watched()).isFalse();
        assertThat(registry.watched()).isEmpty();
        assertThat(clock.waitingTasks()).as("timers that outlive the loop").isZero();
    }

    static MeshConfig toVersion(String host, String version) {
        return config(toSubset(host, version), versions(host, "v1", "v2"));
    }

    /** Problems but for those of destinations, which are the business of {@link LostDestinationsTest}. */
    static List<ConfigProblem> problems(ControlLoop loop) {
        return loop.status().problems().stream()
                .filter(problem -> !problem.path().contains(".destination"))
                .toList();
    }

    static ServiceEndpoints found(String host, String... addresses) {
        List<Endpoint> endpoints = Arrays.stream(addresses)
                .map(address -> Rules.endpoint(address, 9080))
                .toList();
        return new ServiceEndpoints(
                new ServiceName(host),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, endpoints),
                List.of());
    }

    static Cluster cluster(ControlLoop loop, String host) {
        return loop.snapshot().clusters().get(new ClusterKey(host, 9080, ""));
    }

    static List<String> hosts(ControlLoop loop, String host) {
        return cluster(loop, host).members().stream()
                .map(member -> member.endpoint().hostPort())
                .toList();
    }
}
