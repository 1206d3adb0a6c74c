package io.inmesh.telemetry.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The line of a call of which two attempts run beside each other. */
class LoggedCallTest {
    private final List<AccessLogEntry> entries = new ArrayList<>();
    private final AccessLog log = AccessLog.of(() -> Instant.EPOCH, new AccessLogSink() {
        @Override
        public boolean wantsEntries() {
            return true;
        }

        @Override
        public void accept(AccessLogEntry entry) {
            entries.add(entry);
        }
    });
    private final CallObservation call = log.callStarted(new StartedCall(
            SimpleRequestHead.of("GET", "http://reviews:9080/", Map.of()),
            StartedCall.Handling.FORWARDED,
            "",
            "",
            "outbound|9080||reviews"));

    private void start(int... numbers) {
        for (int number : numbers) {
            call.attemptStarted(new StartedAttempt(number, null, "host-" + number, "/", new AttemptTraffic()));
        }
    }

    private void end(int number, Outcome outcome) {
        call.attemptEnded(new EndedAttempt(number, null, outcome, -1, 50));
    }

    private AccessLogEntry entry(EndedCall end) {
        call.ended(end);
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }

    @Test
    void tellsOfTheFirstWhereNeitherAnswerStands() {
        start(1, 2);
        call.responseStarted(1, 503, 10);
        call.responseStarted(2, 500, 20);
        end(2, new Outcome.Responded(500));
        end(1, new Outcome.Responded(503));

        AccessLogEntry entry = entry(new EndedCall(503, ResponseFlag.UC, 2, 50));
        assertThat(entry.authority()).isEqualTo("host-1");
        assertThat(entry.upstreamServiceNanos()).isEqualTo(10);
        assertThat(entry.responseCodeDetails()).startsWith("upstream_reset_after_response_started");
    }

    @Test
    void saysNothingOfAFailureOfTheOtherAttempt() {
        start(1, 2);
        end(1, new Outcome.NeverSent(ResponseFlag.UF, "connection refused"));
        call.responseStarted(2, 200, 20);
        end(2, new Outcome.Responded(200));

        AccessLogEntry entry = entry(new EndedCall(200, null, 2, 50));
        assertThat(entry.authority()).isEqualTo("host-2");
        assertThat(entry.upstreamServiceNanos()).isEqualTo(20);
        assertThat(entry.upstreamTransportFailureReason()).isNull();
    }

    @Test
    void tellsTheFailureOfTheFirstWhereTheSecondHasFailedToo() {
        start(1, 2);
        end(2, new Outcome.NeverSent(ResponseFlag.UF, "no route to host"));
        end(1, new Outcome.NeverSent(ResponseFlag.UF, "connection refused"));

        AccessLogEntry entry = entry(new EndedCall(503, ResponseFlag.UF, 2, 50));
        assertThat(entry.authority()).isEqualTo("host-1");
        assertThat(entry.upstreamTransportFailureReason()).isEqualTo("connection refused");
    }
}
