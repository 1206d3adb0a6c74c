package io.inmesh.internal.control;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.toSubset;
import static io.inmesh.testing.Rules.versions;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.inmesh.config.ConfigException;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.SourceProblem;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.snapshot.SnapshotCompiler;
import io.inmesh.internal.time.Threads;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry.Resolution;
import io.inmesh.model.WorkloadEntry;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.SourceStatus;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ControlLoopEndpointsTest extends ControlLoopFixture {
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
                .extracting(SourceStatus::name)
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

    @Test
    void whatASourceSaysOfItselfIsAskedWithTheStatus() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = begun(registry);
        ConfigProblem missing = new ConfigProblem(
                ConfigProblem.Severity.WARNING, new Origin("registry", 0, 0), "", "pods may not be read", "");
        assertThat(loop.status().sources().get(1).current()).isTrue();

        registry.away(true);
        registry.complain(new SourceProblem("pods may not be read", ""));

        assertThat(loop.status().sources().get(1).current()).isFalse();
        assertThat(loop.status().sources().get(0).current()).as("the rules").isTrue();
        assertThat(loop.status().problems()).contains(missing);
        assertThat(loop.snapshot().version())
                .as("nothing has changed for calls")
                .isEqualTo(1);

        registry.away(false);
        registry.complain();

        assertThat(loop.status().sources().get(1).current()).isTrue();
        assertThat(loop.status().problems()).doesNotContain(missing);
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
    void servicesOfEntriesStayTheSameObjectsWhenAnotherServiceChanges() {
        rules.tell(config(
                toSubset(REVIEWS, "v1"), versions(REVIEWS, "v1"), service(RATINGS, 9080, workload("127.0.0.2", "v1"))));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = begun(registry);
        ServiceEndpoints entry = loop.services().get(0);

        registry.tell(found(REVIEWS, "10.0.0.2"));

        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(loop.services().get(0)).isSameAs(entry);
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
        assertThat(problems(loop)).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.message()).contains("could not be compiled", "cannot do this");
        });
        int compiles = compiled.size();
        registry.tell(found(REVIEWS, "10.0.0.2"));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(loop.services()).containsExactly(found(REVIEWS, "10.0.0.2"));
        assertThat(compiled).hasSize(compiles + 1);
        assertThat(problems(loop)).hasSize(1);

        rules.tell(toVersion(REVIEWS, "v2"));
        assertThat(loop.snapshot().version()).isEqualTo(3);
        assertThat(problems(loop)).isEmpty();
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
        assertThat(problems(loop)).hasSize(1);
        beforeCompile = config -> {};
        registry.tell(found(REVIEWS, "10.0.0.3"));
        assertThat(loop.services()).containsExactly(found(REVIEWS, "10.0.0.3"));
        assertThat(problems(loop)).isEmpty();
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
                new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, false, () -> 0L)::compile,
                settings(Duration.ZERO),
                clock,
                () -> 0L,
                new Threads(Runnable::run, clock, Runnable::run, Runnable::run, () -> {}),
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
