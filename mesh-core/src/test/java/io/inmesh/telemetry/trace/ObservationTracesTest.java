package io.inmesh.telemetry.trace;

import static io.inmesh.testing.Collector.collectUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.observe.MeshObserver;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.RequestReplySenderContext;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservationTracesTest extends TracesContract {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ObservationRegistry registry = ObservationRegistry.create();

    @Override
    MeshObserver traces() {
        OtelTracer tracer = new OtelTracer(sdk.getTracer("bridge"), new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator = new OtelPropagator(sdk.getPropagators(), sdk.getTracer("bridge"));
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new NoMeters(), new DefaultMeterObservationHandler(meters)))
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        return ObservationTraces.of(registry, HeaderParents.of(tracer));
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void anHttpClientsObservationIsTheCall() throws IOException {
        Mesh mesh = mesh();
        RequestReplySenderContext<String, String> context =
                new RequestReplySenderContext<>((carrier, key, value) -> {});
        context.setCarrier("");
        Observation client = Observation.start("http.client.requests", () -> context, registry);
        try (Observation.Scope scope = client.openScope()) {
            mesh.execute(ScriptedExchange.get(URL, attempt -> {
                        if (attempt.number() == 1) {
                            throw new ConnectException("refused");
                        }
                        return ScriptedExchange.echoEndpoint(attempt);
                    }))
                    .read();
        }
        client.stop();

        assertThat(spans()).hasSize(3);
        SpanData whole = spans().get(2);
        assertThat(whole.getName()).isEqualTo("http.client.requests");
        assertThat(whole.getEvents())
                .singleElement()
                .matches(event -> event.getName().startsWith("mesh.retry"));
        assertThat(meters.getMeters())
                .extracting(meter -> meter.getId().getName())
                .allMatch(name -> name.equals("http.client.requests") || name.equals("http.client.requests.active"));
        assertThat(spans().subList(0, 2))
                .allMatch(span -> span.getParentSpanId().equals(whole.getSpanId()));
    }

    /** Drops the answer to a call of an HTTP client, whose observation leads to it as that of each client does. */
    @SuppressWarnings("try") // The scope is there to be closed.
    private void drop(Mesh mesh, boolean withinAnother) throws IOException {
        RequestReplySenderContext<String, Reply> context = new RequestReplySenderContext<>((carrier, key, value) -> {});
        context.setCarrier("");
        Observation client = Observation.start("http.client.requests", () -> context, registry);
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        try (Observation.Scope scope = client.openScope()) {
            context.setResponse(
                    withinAnother
                            ? Observation.createNotStarted("interceptor", registry)
                                    .observeChecked(() -> mesh.execute(exchange))
                            : mesh.execute(exchange));
        }
        client.stop();
    }

    @ParameterizedTest
    @CsvSource({"false, http.client.requests", "true, mesh.call"})
    void anAnswerThatTheClientDropsIsNoticed(boolean withinAnother, String parent) throws Exception {
        Mesh mesh = mesh();
        drop(mesh, withinAnother);

        collectUntil(() -> mesh.status().attempts().running() == 0);

        assertThat(mesh.status().attempts().unclosedBodies()).isEqualTo(1);
        assertThat(named("GET").getParentSpanId()).isEqualTo(named(parent).getSpanId());
    }

    private SpanData named(String name) {
        List<SpanData> found =
                spans().stream().filter(span -> span.getName().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    @Test
    void makesNoMeters() throws IOException {
        mesh().execute(ScriptedExchange.get(URL)).read();
        assertThat(spans()).hasSize(2);
        assertThat(meters.getMeters()).isEmpty();
    }
}
