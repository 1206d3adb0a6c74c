package io.inmesh.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.Mesh;
import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What spans are made of calls, by whichever library; OpenTelemetry's SDK takes them. */
abstract class TracesContract extends TracesFixture {
    @Test
    void eachAttemptHasItsOwnSpanBelowTheCall() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                throw new ConnectException("refused");
            }
            return ScriptedExchange.echoEndpoint(attempt);
        });

        String endpoint = mesh().execute(exchange).read();

        assertThat(attempts()).hasSize(2).allMatch(span -> span.getName().equals("GET"));
        SpanData first = attempts().get(0);
        SpanData second = attempts().get(1);
        assertThat(first.getParentSpanId()).isEqualTo(logical().getSpanId());
        assertThat(second.getParentSpanId()).isEqualTo(logical().getSpanId());
        assertThat(logical().getName()).isEqualTo("mesh.call");
        assertThat(logical().getParentSpanContext().isValid()).isFalse();
        assertThat(sent(exchange, "traceparent")).containsExactly(traceparent(first), traceparent(second));

        assertThat(first.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(first.getStatus().getDescription()).isEqualTo("refused");
        assertThat(attribute(first, "error.type")).isEqualTo("UF");
        assertThat(attribute(first, "mesh.flag")).isEqualTo("UF");
        assertThat(attribute(first, "mesh.attempt")).isEqualTo("1");
        assertThat(attribute(first, "http.request.resend_count")).isNull();
        assertThat(attribute(first, "http.response.status_code")).isNull();

        assertThat(second.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
        assertThat(attribute(second, "http.request.method")).isEqualTo("GET");
        assertThat(attribute(second, "url.full")).isEqualTo("http://reviews:9080/reviews/0?sig=REDACTED&a=b");
        assertThat(attribute(second, "server.address")).isEqualTo("reviews");
        assertThat(attribute(second, "server.port")).isEqualTo("9080");
        assertThat(attribute(second, "network.peer.address") + ":" + attribute(second, "network.peer.port"))
                .isEqualTo(endpoint);
        assertThat(attribute(second, "http.response.status_code")).isEqualTo("200");
        assertThat(attribute(second, "http.request.resend_count")).isEqualTo("1");
        assertThat(attribute(second, "mesh.attempt")).isEqualTo("2");
        assertThat(attribute(second, "mesh.virtual_service")).isEqualTo("default/reviews");
        assertThat(attribute(second, "mesh.route")).isEqualTo("all");
        assertThat(attribute(second, "mesh.subset")).isEqualTo("v1");
        assertThat(attribute(second, "error.type")).isNull();

        assertThat(attribute(logical(), "http.response.status_code")).isEqualTo("200");
        assertThat(logical().getEvents())
                .singleElement()
                .matches(event -> event.getName().startsWith("mesh.retry"));
    }

    @Test
    void aSecondAttemptBesideTheFirstHasItsOwnSpanToo() {
        CallObservation call = traces().callStarted(new StartedCall(
                ScriptedExchange.get(URL).head(), StartedCall.Handling.FORWARDED, "default/reviews", "all", null));
        for (int number = 1; number <= 2; number++) {
            assertThat(call.attemptStarted(
                            new StartedAttempt(number, null, "reviews:9080", "/reviews/0", new AttemptTraffic())))
                    .isNotEmpty();
        }

        call.attemptEnded(new EndedAttempt(1, null, new Outcome.Canceled(), -1, 10));
        assertThat(attempts()).hasSize(1);
        call.responseStarted(2, 200, 5);
        call.hedged(HedgeResult.WON);
        call.attemptEnded(new EndedAttempt(2, null, new Outcome.Responded(200), 5, 10));
        call.ended(new EndedCall(200, null, 2, 20));

        assertThat(attempts()).hasSize(2);
        assertThat(attribute(attempts().get(0), "http.response.status_code")).isNull();
        assertThat(attribute(attempts().get(1), "http.response.status_code")).isEqualTo("200");
        assertThat(logical().getEvents())
                .singleElement()
                .matches(event -> event.getName().startsWith("mesh.hedge"));
    }

    @Test
    void theEndOfTheBodyEndsTheSpans() throws IOException {
        Reply reply = mesh().execute(ScriptedExchange.get(URL));
        assertThat(spans()).isEmpty();

        reply.close();
        reply.close();
        assertThat(spans()).hasSize(2);
    }

    @Test
    void aBodyThatBreaksOffIsAnErrorOfItsAttempt() throws IOException {
        Reply reply = mesh().execute(ScriptedExchange.get(URL));
        IOException unused = reply.fail(new IOException("reset"));

        assertThat(attempts()).hasSize(1);
        assertThat(attribute(attempts().get(0), "http.response.status_code")).isEqualTo("200");
        assertThat(attribute(attempts().get(0), "error.type")).isEqualTo("UC");
        assertThat(attribute(logical(), "mesh.flag")).isEqualTo("UC");
    }

    @Test
    void anErrorOfTheServerIsOneOfTheSpan() throws IOException {
        mesh().execute(ScriptedExchange.get(URL, attempt -> Reply.of(503, ""))).read();

        assertThat(attempts()).hasSize(1);
        assertThat(attempts().get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attribute(attempts().get(0), "error.type")).isEqualTo("503");
        assertThat(attribute(attempts().get(0), "mesh.flag")).isNull();
    }

    @Test
    void aTimeoutEndsAttemptAndCall() {
        ScriptedExchange exchange = as("slow", attempt -> {
            clock.advance(Duration.ofSeconds(4));
            throw new IOException("cut");
        });

        MeshException timeout = catchThrowableOfType(MeshException.class, () -> mesh().execute(exchange));

        assertThat(timeout.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(attempts()).hasSize(1);
        assertThat(attribute(attempts().get(0), "error.type")).isEqualTo("timeout");
        assertThat(attribute(logical(), "mesh.flag")).isEqualTo("UT");
    }

    @Test
    void aCancellationEndsAttemptAndCall() {
        AtomicReference<@Nullable ScriptedExchange> self = new AtomicReference<>();
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            self.get().cancel();
            throw new IOException("Canceled");
        });
        self.set(exchange);

        assertThatThrownBy(() -> mesh().execute(exchange)).isInstanceOf(IOException.class);

        assertThat(attempts()).hasSize(1);
        assertThat(attribute(attempts().get(0), "error.type")).isEqualTo("canceled");
        assertThat(attribute(logical(), "mesh.flag")).isEqualTo("DC");
    }

    @Test
    void aTransportThatBreaksLeavesNoSpanOpen() {
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        exchange.breakDelivery(new IllegalStateException("bug"));

        assertThatThrownBy(() -> mesh().execute(exchange)).isInstanceOf(IllegalStateException.class);

        assertThat(attempts()).hasSize(1);
        assertThat(spans()).hasSize(2);
    }

    @Test
    void whatIsNotSentHasNoAttempt() throws IOException {
        Mesh mesh = mesh();
        mesh.execute(as("faulty", ScriptedExchange::echoEndpoint)).read();
        assertThatThrownBy(() -> mesh.execute(ScriptedExchange.get("http://reviews:9080/other")))
                .isInstanceOf(MeshException.class);
        mesh.execute(ScriptedExchange.get("http://reviews:9080/old")).read();

        assertThat(attempts()).isEmpty();
        assertThat(spans()).hasSize(3);
        assertThat(attribute(spans().get(0), "mesh.flag")).isEqualTo("FI");
        assertThat(attribute(spans().get(0), "http.response.status_code")).isEqualTo("503");
        assertThat(attribute(spans().get(1), "mesh.flag")).isEqualTo("NR");
        assertThat(attribute(spans().get(2), "http.response.status_code")).isEqualTo("301");
    }

    @Test
    void whatPassesThroughHasNoSpans() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get("http://elsewhere.example.com/");
        mesh().execute(exchange).read();

        assertThat(spans()).isEmpty();
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void joinsWhatCameIn() throws IOException {
        Mesh mesh = mesh();
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        try (Scope scope = inbound("traceparent", TRACEPARENT).open()) {
            mesh.execute(exchange).read();
        }

        assertThat(logical().getTraceId()).isEqualTo(TRACE);
        assertThat(logical().getParentSpanId()).isEqualTo(CALLER);
        assertThat(sent(exchange, "traceparent"))
                .containsExactly(traceparent(attempts().get(0)));
        assertThat(attempts().get(0).getParentSpanId()).isEqualTo(logical().getSpanId());
    }

    @Test
    void joinsWhatCameInOnAnotherThread() throws Exception {
        Mesh mesh = mesh();
        Thread thread = new Thread(inbound("traceparent", TRACEPARENT).carriedBy(() -> {
            try {
                mesh.execute(ScriptedExchange.get(URL)).read();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }));
        thread.start();
        thread.join();

        assertThat(attempts()).hasSize(1);
        assertThat(attempts().get(0).getTraceId()).isEqualTo(TRACE);
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void whatIsNotSampledStaysSo() throws IOException {
        Mesh mesh = mesh();
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        try (Scope scope =
                inbound("traceparent", "00-" + TRACE + "-" + CALLER + "-00").open()) {
            mesh.execute(exchange).read();
        }

        assertThat(spans()).isEmpty();
        assertThat(sent(exchange, "traceparent"))
                .singleElement()
                .asString()
                .startsWith("00-" + TRACE)
                .endsWith("-00")
                .doesNotContain(CALLER);
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void allFormatsThatARequestCarriesNameTheAttempt() throws IOException {
        Mesh mesh = mesh();
        InboundContext context = InboundContext.builder()
                .header("traceparent", TRACEPARENT)
                .header("b3", TRACE + "-" + CALLER + "-1")
                .header("x-b3-traceid", TRACE)
                .header("x-b3-spanid", CALLER)
                .header("x-b3-sampled", "1")
                .build();
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        try (Scope scope = context.open()) {
            mesh.execute(exchange).read();
        }

        String span = attempts().get(0).getSpanId();
        assertThat(sent(exchange, "traceparent")).containsExactly("00-" + TRACE + "-" + span + "-01");
        assertThat(sent(exchange, "b3")).containsExactly(TRACE + "-" + span + "-1");
        assertThat(sent(exchange, "x-b3-traceid")).containsExactly(TRACE);
        assertThat(sent(exchange, "x-b3-spanid")).containsExactly(span);
        assertThat(sent(exchange, "x-b3-sampled")).containsExactly("1");
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void aCurrentSpanWins() throws IOException {
        Mesh mesh = mesh();
        Span server = sdk.getTracer("test")
                .spanBuilder("server")
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        try (io.opentelemetry.context.Scope current = server.makeCurrent();
                Scope scope = inbound("traceparent", TRACEPARENT).open()) {
            mesh.execute(ScriptedExchange.get(URL)).read();
            assertThat(Span.current().getSpanContext()).isEqualTo(server.getSpanContext());
        } finally {
            server.end();
        }

        assertThat(logical().getParentSpanId())
                .isEqualTo(server.getSpanContext().getSpanId());
        assertThat(attempts().get(0).getParentSpanId()).isEqualTo(logical().getSpanId());
    }

    @Test
    void theSpanThatTheCallersHeadersNameIsTheParent() throws IOException {
        ScriptedExchange exchange = get(URL, Map.of("traceparent", List.of(TRACEPARENT)));
        mesh().execute(exchange).read();

        assertThat(spans()).hasSize(1);
        assertThat(attempts().get(0).getParentSpanId()).isEqualTo(CALLER);
        assertThat(sent(exchange, "traceparent"))
                .containsExactly(traceparent(attempts().get(0)));
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void aHandedOnHeaderIsNoSpanOfTheCaller() throws IOException {
        Mesh mesh = mesh();
        try (Scope scope = inbound("traceparent", TRACEPARENT).open()) {
            mesh.execute(get(URL, Map.of("traceparent", List.of(TRACEPARENT)))).read();
        }

        assertThat(logical().getParentSpanId()).isEqualTo(CALLER);
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void aSpanThatWasMadeForTheCallNeedsNoOther() throws IOException {
        Mesh mesh = mesh();
        Span client = sdk.getTracer("test").spanBuilder("client").startSpan();
        String parent = "00-" + client.getSpanContext().getTraceId() + "-"
                + client.getSpanContext().getSpanId() + "-01";
        try (io.opentelemetry.context.Scope current = client.makeCurrent()) {
            mesh.execute(get(URL, Map.of("traceparent", List.of(parent)))).read();
        } finally {
            client.end();
        }

        assertThat(spans()).hasSize(2);
        assertThat(attempts().get(0).getParentSpanId())
                .isEqualTo(client.getSpanContext().getSpanId());
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void whatMayNotBeRecordedIsHandedOn() throws IOException {
        Mesh mesh = mesh();
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        try (Scope scope = inbound("b3", "0").open()) {
            mesh.execute(exchange).read();
        }

        assertThat(spans()).isEmpty();
        assertThat(sent(exchange, "b3")).containsExactly("0");
    }
}
