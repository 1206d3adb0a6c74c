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
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.observe.SourceStatus;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.RecordingObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ControlLoopTest extends ControlLoopFixture {
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
                        List.of(new SourceStatus("rules.yaml", "config", true, Instant.parse("2026-01-01T00:00:00Z"))),
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
        assertThat(problems(loop)).hasSize(1);
        assertThat(loop.status().sources().get(0).current()).isFalse();

        rules.tell(toVersion(REVIEWS, "v2"));

        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(problems(loop)).isEmpty();
        assertThat(loop.status().sources())
                .containsExactly(new SourceStatus("rules.yaml", "config", true, Instant.parse("2026-01-01T00:00:01Z")));
    }

    @Test
    void refusedObjectsDoNotHoldUpTheOthers() {
        rules.tell(toVersion(REVIEWS, "v1"));
        ControlLoop loop = begun();

        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v2"), List.of(warning("odd"), error("bad"))));

        assertThat(compiled).last().isEqualTo(toVersion(REVIEWS, "v2"));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(problems(loop)).containsExactly(error("bad"), warning("odd"));
        assertThat(loop.status().sources().get(0).current()).isFalse();
        assertThat(observer.rejections())
                .containsExactly(new RecordingObserver.Rejection("rules.yaml", List.of(error("bad"))));
    }

    @Test
    void aRefusedObjectIsToldOfOnce() {
        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v1"), List.of(error("bad"))));
        begun();

        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v2"), List.of(error("bad"))));
        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v2"), List.of(error("bad"), error("worse"))));

        assertThat(observer.rejections())
                .extracting(RecordingObserver.Rejection::problems)
                .containsExactly(List.of(error("bad")), List.of(error("worse")));
        assertThat(observer.snapshots())
                .as("a problem alone changes no snapshot")
                .containsExactly(1L, 2L);
    }

    @Test
    void aMeshStartsBesideARefusedObject() {
        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v1"), List.of(error("bad"))));

        ControlLoop loop = loop(Runnable::run, List.of(rules));
        loop.start();

        assertThat(compiled).containsExactly(toVersion(REVIEWS, "v1"));
        assertThat(problems(loop)).containsExactly(error("bad"));
        assertThat(observer.rejections()).hasSize(1);
    }

    @Test
    void aRefusedObjectOfOneSourceIsAmongTheProblemsThatAnotherEndsTheStartWith() {
        FakeConfigSource more = new FakeConfigSource("more.yaml");
        more.tell(new ConfigUpdate.Partial(MeshConfig.EMPTY, List.of(error("bad"))));
        rules.refuse("no destination");
        ControlLoop loop = loop(Runnable::run, List.of(more, rules));

        ConfigException refused = catchThrowableOfType(ConfigException.class, loop::start);

        assertThat(refused.problems())
                .extracting(ConfigProblem::message)
                .containsExactlyInAnyOrder("bad", "no destination");
    }

    @Test
    void whenTheLastRefusedObjectIsMendedTheErrorsAreGone() {
        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v1"), List.of(error("bad"))));
        ControlLoop loop = begun();

        rules.tell(toVersion(REVIEWS, "v1"));

        assertThat(problems(loop)).isEmpty();
        assertThat(loop.status().sources().get(0).current()).isTrue();
        assertThat(loop.snapshot().version()).as("the rules are the same").isEqualTo(1);
    }

    @Test
    void aSourceMayTurnFromRefusedObjectsToRefusedAsAWholeAndBack() {
        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v1"), List.of(error("bad"))));
        ControlLoop loop = begun();

        rules.refuse("no destination");
        assertThat(loop.snapshot().version()).isEqualTo(1);
        assertThat(problems(loop)).extracting(ConfigProblem::message).containsExactly("no destination");

        rules.tell(new ConfigUpdate.Partial(toVersion(REVIEWS, "v2"), List.of(error("bad"))));
        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(observer.rejections()).hasSize(3);
    }

    private static ConfigProblem error(String message) {
        return problem(ConfigProblem.Severity.ERROR, message);
    }

    private static ConfigProblem warning(String message) {
        return problem(ConfigProblem.Severity.WARNING, message);
    }

    private static ConfigProblem problem(ConfigProblem.Severity severity, String message) {
        return new ConfigProblem(severity, new Origin("VirtualService/default/reviews@7", 0, 0), "", message, "");
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
}
