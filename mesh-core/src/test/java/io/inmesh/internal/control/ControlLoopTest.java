package io.inmesh.internal.control;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.toSubset;
import static io.inmesh.testing.Rules.versions;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.config.ConfigException;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.MeshObserver;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.snapshot.SnapshotCompiler;
import io.inmesh.internal.time.Threads;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry.Resolution;
import io.inmesh.model.WorkloadEntry;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.Rules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlLoopTest {
    private static final String REVIEWS = "reviews.default.svc.cluster.local";
    private static final String RATINGS = "ratings.default.svc.cluster.local";
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final ManualClock clock = new ManualClock();
    private final RecordingObserver observer = new RecordingObserver();
    private final FakeConfigSource rules = new FakeConfigSource("rules.yaml");
    private final FakeEndpointSource registry = new FakeEndpointSource("registry");
    private final List<MeshConfig> compiled = new ArrayList<>();
    private final List<ControlLoop> loops = new ArrayList<>();
    private final List<InetAddress> dnsAnswer = new ArrayList<>();
    private Consumer<MeshConfig> beforeCompile = config -> {};

    private ControlLoop loop(Executor control, List<FakeConfigSource> configs, EndpointSource... endpoints) {
        SnapshotCompiler compiler = new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, new SplittableRandom(1));
        ControlLoop loop = new ControlLoop(
                List.copyOf(configs),
                Arrays.asList(endpoints),
                (config, services, hosts, previous, version) -> {
                    compiled.add(config);
                    beforeCompile.accept(config);
                    return compiler.compile(config, services, hosts, previous, version);
                },
                new ControlSettings("cluster.local", WAIT, this::resolve, Duration.ofSeconds(30)),
                clock,
                () -> 0L,
                new Threads(control, clock, Runnable::run, () -> {}),
                observer);
        loops.add(loop);
        return loop;
    }

    private ControlLoop begun(EndpointSource... endpoints) {
        ControlLoop loop = loop(Runnable::run, List.of(rules), endpoints);
        loop.begin();
        return loop;
    }

    private List<InetAddress> resolve(String host) throws UnknownHostException {
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

    private static MeshConfig toVersion(String host, String version) {
        return config(toSubset(host, version), versions(host, "v1", "v2"));
    }

    private static ServiceEndpoints found(String host, String... addresses) {
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

    private static Cluster cluster(ControlLoop loop, String host) {
        return loop.snapshot().clusters().get(new ClusterKey(host, 9080, ""));
    }

    private static List<String> hosts(ControlLoop loop, String host) {
        return cluster(loop, host).members().stream()
                .map(member -> member.endpoint().hostPort())
                .toList();
    }

    // start

    @Test
    void publishesTheFirstSnapshotWhenTheRulesAreThere() {
        rules.tell(config(service(REVIEWS, 9080, workload("127.0.0.1", "v1"))));

        ControlLoop loop = begun();
        loop.awaitFirst();

        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(hosts(loop, REVIEWS)).containsExactly("127.0.0.1:9080");
        assertThat(observer.snapshots()).containsExactly(1L);
        assertThat(loop.status())
                .isEqualTo(new ControlStatus(
                        1,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        List.of(new ControlStatus.Source(
                                "rules.yaml", "config", true, Instant.parse("2026-01-01T00:00:00Z"))),
                        List.of()));
    }

    @Test
    void allProblemsOfAllSourcesEndTheStart() {
        FakeConfigSource more = new FakeConfigSource("more.yaml");
        more.tell(new ConfigUpdate.Valid(
                MeshConfig.EMPTY,
                List.of(new ConfigProblem(
                        ConfigProblem.Severity.WARNING, new Origin("more.yaml", 1, 1), "", "odd", ""))));
        rules.refuse("no destination");
        ControlLoop loop = loop(Runnable::run, List.of(more, rules), registry);

        ConfigException refused = catchThrowableOfType(ConfigException.class, loop::start);

        assertThat(refused.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "rules.yaml:7:3: error: spec.http: no destination; mend it", "more.yaml:1:1: warning: odd");
        assertThat(more.closed()).isTrue();
        assertThat(rules.closed()).isTrue();
        assertThat(registry.closed()).isTrue();
        assertThat(compiled).isEmpty();
    }

    @Test
    void aSourceThatSaysNothingEndsTheStartWhenTheWaitIsOver() {
        ControlLoop loop = begun();

        clock.advance(WAIT);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(loop::awaitFirst)
                .withMessageContaining("rules.yaml: error: nothing was heard from this source within 5000 ms");
    }

    @Test
    void aSourceThatSaysSomethingLateIsWaitedFor() {
        ControlLoop loop = begun();

        clock.advance(WAIT.minusMillis(1));
        rules.tell(config(service(REVIEWS, 9080, workload("127.0.0.1", "v1"))));
        loop.awaitFirst();

        assertThat(hosts(loop, REVIEWS)).hasSize(1);
    }

    @Test
    void anInterruptEndsTheStart() {
        ControlLoop loop = loop(Runnable::run, List.of(rules));
        Thread.currentThread().interrupt();

        assertThatIllegalStateException().isThrownBy(loop::start).withMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(rules.closed()).isTrue();
    }

    @Test
    void rulesOfSeveralSourcesAddUpInOrder() {
        FakeConfigSource more = new FakeConfigSource("more.yaml", toVersion(RATINGS, "v1"));
        rules.tell(toVersion(REVIEWS, "v1"));

        loop(Runnable::run, List.of(more, rules)).start();

        assertThat(compiled)
                .singleElement()
                .satisfies(config -> assertThat(config.virtualServices())
                        .extracting(rule -> rule.hosts().get(0))
                        .containsExactly(RATINGS, REVIEWS));
    }

    // updates

    @Test
    void aBurstOfUpdatesIsCompiledOnce() {
        Queue<Runnable> controlTasks = new ArrayDeque<>();
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = loop(controlTasks::add, List.of(rules), registry);
        loop.begin();
        controlTasks.remove().run();
        assertThat(compiled).hasSize(1);

        for (int i = 0; i < 100; i++) {
            rules.tell(toVersion(REVIEWS, i % 2 == 0 ? "v2" : "v1"));
            registry.tell(found(REVIEWS, "10.0.0." + i));
        }
        rules.tell(toVersion(REVIEWS, "v2"));
        assertThat(controlTasks).hasSize(1);
        controlTasks.remove().run();

        assertThat(compiled).hasSize(2);
        assertThat(compiled.get(1)).isEqualTo(toVersion(REVIEWS, "v2"));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        rules.tell(toVersion(REVIEWS, "v1"));
        controlTasks.remove().run();
        assertThat(loop.snapshot().version()).isEqualTo(3);
        controlTasks.clear();
        loops.clear();
        closeOn(loop, controlTasks);
    }

    private static void closeOn(ControlLoop loop, Queue<Runnable> controlTasks) {
        Thread.currentThread().interrupt();
        loop.close();
        assertThat(Thread.interrupted()).isTrue();
        controlTasks.remove().run();
    }

    @Test
    void anUpdateThatChangesNothingPublishesNothing() {
        MeshConfig config = toVersion(REVIEWS, "v1");
        rules.tell(config);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        begun(registry);

        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));

        assertThat(observer.snapshots()).containsExactly(1L);
    }

    @Test
    void refusedRulesLeaveTheLastGoodOnesAndGoodOnesTakeOver() {
        rules.tell(toVersion(REVIEWS, "v1"));
        ControlLoop loop = begun();

        clock.advance(Duration.ofSeconds(1));
        rules.refuse("no destination");
        rules.refuse("no destination");

        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(observer.rejections()).hasSize(1);
        assertThat(loop.status().problems()).hasSize(1);
        assertThat(loop.status().sources().get(0).current()).isFalse();

        rules.tell(toVersion(REVIEWS, "v2"));

        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(loop.status().problems()).isEmpty();
        assertThat(loop.status().sources())
                .containsExactly(
                        new ControlStatus.Source("rules.yaml", "config", true, Instant.parse("2026-01-01T00:00:01Z")));
    }

    @Test
    void warningsOfTheCompilerAreInTheStatus() {
        rules.tell(new MeshConfig(
                List.of(toSubset(REVIEWS, "v1"), toSubset(REVIEWS, "v2")),
                List.of(versions(REVIEWS, "v1", "v2")),
                List.of(service(REVIEWS, 9080, workload("127.0.0.1", "v1")))));

        ControlLoop loop = begun();

        assertThat(loop.status().problems())
                .isNotEmpty()
                .allMatch(problem -> problem.severity() == ConfigProblem.Severity.WARNING);
    }

    // endpoints

    @Test
    void theFirstSnapshotWaitsForEndpoints() {
        rules.tell(toVersion(REVIEWS, "v1"));
        ControlLoop loop = begun(registry);
        assertThat(registry.watched()).containsExactly(new ServiceName(REVIEWS));
        assertThatIllegalStateException().isThrownBy(loop::snapshot);

        registry.tell(found(REVIEWS, "10.0.0.1"));

        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(loop.services()).containsExactly(found(REVIEWS, "10.0.0.1"));
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void theWaitForEndpointsIsBounded() {
        rules.tell(toVersion(REVIEWS, "v1"));
        ControlLoop loop = begun(registry);

        clock.advance(WAIT.minusNanos(1));
        assertThatIllegalStateException().isThrownBy(loop::snapshot);
        clock.advance(Duration.ofNanos(1));

        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(loop.services()).isEmpty();
        registry.tell(found(REVIEWS, "10.0.0.1"));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(loop.services()).hasSize(1);
    }

    @Test
    void absentIsAnAnswerAndNoService() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(ServiceEndpoints.absent(new ServiceName(REVIEWS)));

        ControlLoop loop = begun(registry);

        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(loop.services()).isEmpty();
    }

    @Test
    void rulesThatNameSomethingNewWaitWhileEndpointsGoOnChanging() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = begun(registry);

        rules.tell(toVersion(RATINGS, "v1"));
        assertThat(loop.snapshot().version()).isEqualTo(1);
        registry.tell(found(REVIEWS, "10.0.0.2"));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(compiled.get(1)).isEqualTo(toVersion(REVIEWS, "v1"));
        assertThat(registry.watched()).hasSize(2);

        registry.tell(found(RATINGS, "10.0.1.1"));

        assertThat(loop.snapshot().version()).isEqualTo(3);
        assertThat(compiled.get(2)).isEqualTo(toVersion(RATINGS, "v1"));
        assertThat(registry.watched()).containsExactly(new ServiceName(RATINGS));
        assertThat(loop.services()).containsExactly(found(RATINGS, "10.0.1.1"));
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void servicesOfRulesComeBeforeThoseOfSourcesInOrder() {
        FakeEndpointSource second = new FakeEndpointSource("second");
        rules.tell(config(
                toSubset(REVIEWS, "v1"), versions(REVIEWS, "v1"), service(REVIEWS, 9080, workload("127.0.0.1", "v1"))));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        second.tell(found(REVIEWS, "10.0.0.2"));

        ControlLoop loop = begun(registry, second);

        assertThat(loop.services())
                .extracting(service -> service.endpoints().get(9080).get(0).address())
                .containsExactly("127.0.0.1", "10.0.0.1", "10.0.0.2");
        assertThat(loop.status().sources())
                .extracting(ControlStatus.Source::name)
                .containsExactly("rules.yaml", "registry", "second");
        loop.close();
        assertThat(second.closed()).isTrue();
        assertThat(second.watched()).isEmpty();
    }

    @Test
    void aSourceThatCannotWatchIsReportedAndNotWaitedFor() {
        EndpointSource broken = new EndpointSource() {
            @Override
            public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
                throw new IllegalStateException("no connection");
            }

            @Override
            public String name() {
                return "broken";
            }

            @Override
            public void close() {
                throw new IllegalStateException("cannot close either");
            }
        };
        rules.tell(toVersion(REVIEWS, "v1"));

        ControlLoop loop = begun(broken);

        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(loop.status().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("broken: warning: " + REVIEWS + " cannot be watched")
                        .contains("no connection"));
        assertThat(loop.status().sources().get(1).current()).isFalse();
    }

    // hosts and clusters over snapshots

    @Test
    void hostsKeepTheirIdentityAndUntouchedClustersAreShared() {
        rules.tell(config(
                service(REVIEWS, 9080, workload("127.0.0.1", "v1")),
                service(RATINGS, 9080, workload("127.0.0.2", "v1"))));
        ControlLoop loop = begun();
        Cluster reviews = cluster(loop, REVIEWS);
        Host ratings = cluster(loop, RATINGS).members().get(0).host();

        rules.tell(config(
                service(REVIEWS, 9080, workload("127.0.0.1", "v1")),
                service(RATINGS, 9080, workload("127.0.0.2", "v1"), workload("127.0.0.3", "v1"))));

        assertThat(cluster(loop, REVIEWS)).isSameAs(reviews);
        assertThat(cluster(loop, RATINGS).members()).hasSize(2);
        assertThat(cluster(loop, RATINGS).members().get(0).host()).isSameAs(ratings);
    }

    @Test
    void aHostThatIsGoneAndIdleIsForgotten() {
        MeshConfig with = config(service(REVIEWS, 9080, workload("127.0.0.1", "v1")));
        rules.tell(with);
        ControlLoop loop = begun();
        Host before = cluster(loop, REVIEWS).members().get(0).host();

        rules.tell(MeshConfig.EMPTY);
        rules.tell(with);

        assertThat(cluster(loop, REVIEWS).members().get(0).host()).isNotSameAs(before);
    }

    // a compiler that fails

    @Test
    void rulesThatCannotBeCompiledLeaveTheLastGoodOnes() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        registry.tell(found(RATINGS, "10.0.1.1"));
        ControlLoop loop = begun(registry);
        MeshConfig poison = toVersion(RATINGS, "v1");
        beforeCompile = config -> {
            if (config.equals(poison)) {
                throw new IllegalStateException("cannot do this");
            }
        };

        rules.tell(poison);

        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(loop.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.message()).contains("could not be compiled", "cannot do this");
        });
        int compiles = compiled.size();
        registry.tell(found(REVIEWS, "10.0.0.2"));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(loop.services()).containsExactly(found(REVIEWS, "10.0.0.2"));
        assertThat(compiled).hasSize(compiles + 1);
        assertThat(loop.status().problems()).hasSize(1);

        rules.tell(toVersion(REVIEWS, "v2"));
        assertThat(loop.snapshot().version()).isEqualTo(3);
        assertThat(loop.status().problems()).isEmpty();
    }

    @Test
    void endpointsThatCannotBeCompiledLeaveTheLastGoodOnes() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = begun(registry);
        beforeCompile = config -> {
            throw new StackOverflowError();
        };

        registry.tell(found(REVIEWS, "10.0.0.2"));

        assertThat(loop.services()).containsExactly(found(REVIEWS, "10.0.0.1"));
        assertThat(loop.status().problems()).hasSize(1);
        beforeCompile = config -> {};
        registry.tell(found(REVIEWS, "10.0.0.3"));
        assertThat(loop.services()).containsExactly(found(REVIEWS, "10.0.0.3"));
        assertThat(loop.status().problems()).isEmpty();
    }

    @Test
    void rulesThatCannotBeCompiledAtStartEndTheStart() {
        rules.tell(toVersion(REVIEWS, "v1"));
        beforeCompile = config -> {
            throw new IllegalStateException("cannot do this");
        };
        ControlLoop loop = loop(Runnable::run, List.of(rules));

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(loop::start)
                .withMessageContaining("cannot do this");
    }

    // DNS

    @Test
    void namesAreResolvedBeforeTheFirstSnapshotAndFollowed() throws UnknownHostException {
        dnsAnswer.add(InetAddress.getByName("10.0.0.1"));
        rules.tell(config(service("api.example.com", 9080, Resolution.DNS)));

        ControlLoop loop = begun();
        assertThat(hosts(loop, "api.example.com")).containsExactly("10.0.0.1:9080");

        dnsAnswer.add(InetAddress.getByName("10.0.0.2"));
        clock.advance(Duration.ofSeconds(30));
        assertThat(hosts(loop, "api.example.com")).containsExactly("10.0.0.1:9080", "10.0.0.2:9080");

        dnsAnswer.clear();
        clock.advance(Duration.ofSeconds(30));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(loop.status().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("cannot be resolved", "its last known addresses stay in use"));
    }

    @Test
    void aNameThatCannotBeResolvedDoesNotHoldUpTheStart() {
        WorkloadEntry gone = workload("gone.example.com", "v1");
        rules.tell(config(service(REVIEWS, 9080, Resolution.DNS, gone)));

        ControlLoop loop = begun();

        assertThat(hosts(loop, REVIEWS)).isEmpty();
        assertThat(loop.status().problems()).hasSize(1);
    }

    // close

    @Test
    void afterCloseNothingIsHeard() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = begun(registry);

        loop.close();
        loop.close();
        rules.tell(toVersion(REVIEWS, "v2"));
        registry.tell(found(REVIEWS, "10.0.0.2"));

        assertThat(rules.closed()).isTrue();
        assertThat(registry.closed()).isTrue();
        assertThat(loop.snapshot().version()).isEqualTo(1);
    }

    @Test
    void theControlThreadItselfMayClose() {
        AtomicReference<ControlLoop> self = new AtomicReference<>();
        FakeConfigSource source = new FakeConfigSource("rules", MeshConfig.EMPTY);
        ControlLoop loop = new ControlLoop(
                List.of(source),
                List.of(),
                new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, () -> 0L)::compile,
                new ControlSettings("cluster.local", WAIT, this::resolve, Duration.ofSeconds(30)),
                clock,
                () -> 0L,
                new Threads(Runnable::run, clock, Runnable::run, () -> {}),
                new MeshObserver() {
                    @Override
                    public void snapshotPublished(long version) {
                        if (version == 2) {
                            self.get().close();
                        }
                    }
                });
        self.set(loop);
        loop.start();

        source.tell(toVersion(REVIEWS, "v1"));

        assertThat(source.closed()).isTrue();
        assertThat(loop.snapshot().version()).isEqualTo(2);
    }
}
