package io.inmesh.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HostTest {
    private static final Outcome OK = new Outcome.Responded(200);

    private final Host host = new Host(endpoint("a", 1, Condition.READY));

    @Test
    void requestsAreInFlightFromBeginToCompletion() {
        HostTicket first = host.begin(0);
        HostTicket second = host.begin(5);
        assertThat(host.activeRequests()).isEqualTo(2);

        first.complete(OK, 10);
        assertThat(host.activeRequests()).isEqualTo(1);

        second.complete(new Outcome.Canceled(), 10);
        assertThat(host.activeRequests()).isZero();
    }

    @Test
    void onlyTheFirstCompletionCounts() {
        HostTicket ticket = host.begin(100);

        assertThat(ticket.complete(OK, 130)).isTrue();
        assertThat(ticket.complete(new Outcome.TimedOut(), 900)).isFalse();

        assertThat(host.activeRequests()).isZero();
    }

    @Test
    void anAttemptIsAnsweredAtTheFirstHeaders() {
        HostTicket ticket = host.begin(100);
        assertThat(host.owesAnAnswer()).isTrue();

        ticket.responseStarted();
        ticket.responseStarted();
        assertThat(host.owesAnAnswer()).isFalse();
        assertThat(host.activeRequests()).isEqualTo(1);

        ticket.complete(OK, 200);
        assertThat(host.owesAnAnswer()).isFalse();
        assertThat(host.activeRequests()).isZero();
    }

    @Test
    void headersAfterTheEndAreNotHeaders() {
        HostTicket other = host.begin(100);
        HostTicket ticket = host.begin(100);

        ticket.complete(new Outcome.Failed(ResponseFlag.UC, "closed"), 120);
        ticket.responseStarted();

        assertThat(host.owesAnAnswer()).isTrue();
        other.responseStarted();
        assertThat(host.owesAnAnswer()).isFalse();
        assertThat(host.activeRequests()).isEqualTo(1);
    }

    @Test
    void whenTheOutcomeIsMissingTheTicketStaysOpen() {
        HostTicket ticket = host.begin(0);

        assertThatNullPointerException().isThrownBy(() -> ticket.complete(null, 1));

        assertThat(host.activeRequests()).isEqualTo(1);
        assertThat(ticket.complete(OK, 2)).isTrue();
        assertThat(host.activeRequests()).isZero();
    }

    @Test
    void aNewerEndpointIsTakenOverAndTheCountStays() {
        host.begin(0);
        Endpoint newer = endpoint("a", 7, Condition.TERMINATING);

        host.update(newer);

        assertThat(host.endpoint()).isSameAs(newer);
        assertThat(host.activeRequests()).isEqualTo(1);
    }

    @Test
    void theEndpointOfAnotherHostIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.update(endpoint("b", 1, Condition.READY)))
                .withMessageContaining("is not a newer value of");
    }

    private static Host ofAName() {
        return new Host(
                new Endpoint("a", "10.0.0.1", 8080, Locality.UNKNOWN, 1, Map.of(), Condition.READY, "api.example.com"));
    }

    @Test
    void anAddressOfANameRestsWhileItCannotBeConnectedTo() {
        Host named = ofAName();
        HostTicket attempt = named.begin(0);
        assertThat(named.rests()).isFalse();

        attempt.complete(new Outcome.NeverSent(ResponseFlag.UF, "refused"), 10);
        assertThat(named.rests()).isTrue();

        named.begin(20).responseStarted();
        assertThat(named.rests()).isFalse();
    }

    @Test
    void aDeadlineThatPassesWithoutAConnectionIsAFailedConnect() {
        Host named = ofAName();
        HostTicket attempt = named.begin(0);

        attempt.neverConnected(10);
        attempt.complete(new Outcome.TimedOut(), 10);

        assertThat(named.rests()).isTrue();
    }

    @Test
    void whatWasConnectedOrNotEvenResolvedSaysNothingOfConnecting() {
        Host named = ofAName();
        for (Outcome outcome : List.of(
                OK,
                new Outcome.TimedOut(),
                new Outcome.Canceled(),
                new Outcome.Failed(ResponseFlag.UC, "closed"),
                new Outcome.NeverSent(ResponseFlag.UR, "refused stream"),
                new Outcome.NeverSent(ResponseFlag.DF, "unknown host"))) {
            named.begin(0).complete(outcome, 10);
            assertThat(named.rests()).as("%s", outcome).isFalse();
        }
    }

    @Test
    void anEndpointThatWasToldByItsAddressNeverRests() {
        host.begin(0).complete(new Outcome.NeverSent(ResponseFlag.UF, "refused"), 10);

        assertThat(host.rests()).isFalse();
    }

    @Test
    void attemptsSideBySideCountAsOneFailure() {
        Host named = ofAName();
        long second = TimeUnit.SECONDS.toNanos(1);
        List<HostTicket> tickets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tickets.add(named.begin(0));
        }

        tickets.forEach(ticket -> ticket.complete(new Outcome.NeverSent(ResponseFlag.UF, "refused"), 10));

        assertThat(named.mayTry(10 + second - 1)).isFalse();
        assertThat(named.mayTry(10 + second)).isTrue();
    }

    @Test
    void manyThreadsCompleteEachTicketOnce() throws Exception {
        int threads = 4;
        List<HostTicket> tickets = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            tickets.add(host.begin(0));
        }
        AtomicInteger completions = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                ends.add(executor.submit(() -> {
                    assertThat(start.await(10, TimeUnit.SECONDS)).isTrue();
                    for (HostTicket ticket : tickets) {
                        if (ticket.complete(OK, 1)) {
                            completions.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(completions).hasValue(tickets.size());
        assertThat(host.activeRequests()).isZero();
    }

    private static Endpoint endpoint(String id, int weight, Condition condition) {
        return new Endpoint(id, "10.0.0.1", 8080, Locality.UNKNOWN, weight, Map.of(), condition);
    }
}
