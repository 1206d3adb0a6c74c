package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.host.Host;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses of a name, some of which cannot be connected to. */
class RestingAddressTest extends CallEngineFixture {
    private static Server onlyFirstAnswers() {
        return attempt -> {
            if (attempt.endpoint() == null || !attempt.endpoint().address().equals("127.0.0.1")) {
                throw new ConnectException("connection refused");
            }
            return ScriptedExchange.echoEndpoint(attempt);
        };
    }

    private void call(PlanBuilder plan, Server server) throws IOException {
        execute(plan, ScriptedExchange.get(URL, server)).read();
    }

    private List<String> neverSent() {
        return observer.attempts().stream()
                .filter(attempt -> attempt.outcome() instanceof Outcome.NeverSent)
                .map(attempt ->
                        attempt.endpoint() == null ? "" : attempt.endpoint().address())
                .toList();
    }

    @Test
    void eachDeadAddressCostsOneAttemptUntilItsRestIsOver() throws IOException {
        PlanBuilder plan = PlanBuilder.addresses(3);
        for (int i = 0; i < 100; i++) {
            call(plan, onlyFirstAnswers());
        }
        assertThat(neverSent()).containsExactlyInAnyOrder("127.0.0.2", "127.0.0.3");

        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            call(plan, onlyFirstAnswers());
        }
        assertThat(neverSent()).hasSize(4);
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            call(plan, onlyFirstAnswers());
        }
        assertThat(neverSent()).as("the second rest is longer").hasSize(4);
    }

    /** Else a call could spend all its attempts on addresses that are known to be dead. */
    @Test
    void aCallTriesOneRestingAddressAtMost() throws IOException {
        PlanBuilder plan = PlanBuilder.addresses(10);
        plan.hosts().stream()
                .skip(1)
                .forEach(host -> host.begin(clock.nanoTime())
                        .complete(new Outcome.NeverSent(ResponseFlag.UF, "refused"), clock.nanoTime()));
        clock.advance(Duration.ofSeconds(1));

        for (int i = 0; i < 200; i++) {
            call(plan, onlyFirstAnswers());
        }
        assertThat(observer.attempts()).extracting(AttemptEvent::number).allMatch(number -> number <= 2);
        assertThat(neverSent()).hasSize(9);
    }

    @Test
    void aNameWhoseAddressesAreAllDeadIsCalledAllTheSame() throws IOException {
        PlanBuilder plan = PlanBuilder.addresses(2);
        for (int i = 0; i < 10; i++) {
            assertThat(refused(plan, ScriptedExchange.get(URL, REFUSES)).flag()).isEqualTo(ResponseFlag.URX);
        }
        assertThat(plan.hosts()).allMatch(Host::rests);

        call(plan, onlyFirstAnswers());
    }

    @Test
    void aDeadlineThatPassesBeforeThereIsAConnectionCounts() throws IOException {
        PlanBuilder plan = PlanBuilder.addresses(2).timeout(Duration.ofMillis(500));
        timeOut(plan, 500, true);
        assertThat(plan.hosts().stream().filter(Host::rests)).hasSize(1);

        timeOut(plan, 500, false);
        assertThat(plan.hosts().stream().filter(Host::rests))
                .as("slow is not dead")
                .hasSize(1);
    }

    @Test
    void anAttemptThatHadLittleOfTheTimeoutSaysNothing() throws IOException {
        PlanBuilder plan = PlanBuilder.addresses(2).timeout(Duration.ofMillis(500));
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                clock.advance(Duration.ofMillis(300));
                throw new ConnectException("connection refused");
            }
            clock.advance(Duration.ofMillis(200));
            throw new IOException("Canceled");
        });
        exchange.neverConnect();

        assertThat(refused(plan, exchange).flag()).isEqualTo(ResponseFlag.UT);

        assertThat(exchange.attempts()).hasSize(2);
        assertThat(plan.hosts().stream().filter(Host::rests))
                .as("the first alone")
                .hasSize(1);
    }

    private void timeOut(PlanBuilder plan, int millis, boolean neverConnected) {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofMillis(millis));
            throw new IOException("Canceled");
        });
        if (neverConnected) {
            exchange.neverConnect();
        }
        assertThat(refused(plan, exchange).flag()).isEqualTo(ResponseFlag.UT);
    }
}
