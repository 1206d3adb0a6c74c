package io.inmesh.internal.engine;

import static io.inmesh.testing.Collector.collect;
import static io.inmesh.testing.Collector.collectUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.event.Outcome;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attempts that run on: long ones, and those whose body was dropped. */
class OpenAttemptsTest extends CallEngineFixture {
    private final PlanBuilder plan = PlanBuilder.hosts(2);

    /** Nothing of the call is on the caller's stack afterwards. */
    private void drop(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            execute(plan, ScriptedExchange.get(URL));
        }
    }

    /** The same, but the responses are held until they have been counted: a collection may come at any time. */
    private void dropOnceCounted(int times) throws IOException {
        List<Reply> held = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            held.add(execute(plan, ScriptedExchange.get(URL)));
        }
        assertThat(active()).isEqualTo(times);
        Reference.reachabilityFence(held);
    }

    private int active() {
        return plan.hosts().stream().mapToInt(host -> host.activeRequests()).sum();
    }

    @Test
    void theNextCallEndsWhatWasDropped() throws Exception {
        dropOnceCounted(5);

        collectUntil(() -> {
            call();
            return active() == 0;
        });

        assertThat(observer.attempts())
                .extracting(AttemptEvent::outcome)
                .hasSizeGreaterThan(5)
                .containsOnly(new Outcome.Responded(200));
        assertThat(observer.calls()).hasSameSizeAs(observer.attempts());
    }

    private void call() {
        try {
            execute(plan, ScriptedExchange.get(URL)).read();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoAsksForTheStateEndsIt() throws Exception {
        drop(3);

        collectUntil(() -> engine.runningAttempts() == 0);

        assertThat(active()).isZero();
        assertThat(engine.unclosedBodies()).isEqualTo(3);
    }

    /** The deadline leads to the exchange, which leads to the response here, as a request with a tag may. */
    @Test
    void aCallWithADeadlineIsLetGoOfWhenThatHasPassed() throws Exception {
        dropFromExchange(plan.timeout(Duration.ofSeconds(5)));

        collect();
        assertThat(engine.runningAttempts()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(5));
        collectUntil(() -> engine.runningAttempts() == 0);
    }

    private void dropFromExchange(PlanBuilder with) throws IOException {
        Reply[] held = new Reply[1];
        held[0] = execute(with, ScriptedExchange.get(URL, attempt -> {
            assertThat(held[0]).isNull();
            return ScriptedExchange.echoEndpoint(attempt);
        }));
    }

    @Test
    void aResponseThatIsHeldRunsOn() throws Exception {
        Reply held = execute(plan, ScriptedExchange.get(URL));
        collect();
        collect();

        assertThat(engine.runningAttempts()).isEqualTo(1);
        assertThat(held.read()).isNotEmpty();
        assertThat(engine.runningAttempts()).isZero();
        assertThat(engine.unclosedBodies()).isZero();
    }

    @Test
    void whatWasClosedIsNotCountedAsDropped() throws Exception {
        call();
        collect();
        call();

        assertThat(engine.unclosedBodies()).isZero();
        assertThat(observer.attempts()).hasSize(2);
    }

    @Test
    void attemptsOlderThanAMinuteAreCountedByCluster() throws Exception {
        Reply old = execute(plan, ScriptedExchange.get(URL));
        clock.advance(Duration.ofSeconds(60));
        Reply young = execute(plan, ScriptedExchange.get(URL));
        assertThat(engine.attemptsOlderThanAMinute()).isEmpty();

        clock.advance(Duration.ofNanos(1));
        assertThat(engine.attemptsOlderThanAMinute()).isEqualTo(Map.of(PlanBuilder.CLUSTER, 1));
        assertThat(engine.runningAttempts()).isEqualTo(2);

        old.close();
        young.close();
        assertThat(engine.attemptsOlderThanAMinute()).isEmpty();
    }

    @Test
    void oneWarningNamesTheServiceTheEndpointAndTheWayToThePlace() throws Exception {
        List<String> lines = warnings(() -> {
            drop(20);
            collectUntil(() -> engine.unclosedBodies() == 20);
        });

        assertThat(lines)
                .singleElement()
                .asString()
                .contains(PlanBuilder.CLUSTER, "127.0.0.", "Close every response", OpenAttempts.class.getName());
    }

    private interface Steps {
        void run() throws Exception;
    }

    private static List<String> warnings(Steps steps) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            steps.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("WARN " + OpenAttempts.class.getName()))
                .toList();
    }
}
