package io.inmesh.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.call.HeaderField;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.inbound.InboundContext;
import io.inmesh.observe.MeshObserver;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.ScriptedExchange;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mesh whose calls are traced, and the spans that come of them. */
abstract class TracesFixture {
    static final String URL = "http://reviews:9080/reviews/0?sig=secret&a=b";
    static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    static final String CALLER = "b7ad6b7169203331";
    static final String TRACEPARENT = "00-" + TRACE + "-" + CALLER + "-01";

    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - match: [{headers: {end-user: {exact: slow}}}]
                timeout: 3s
                route: [{destination: {host: reviews}}]
              - match: [{headers: {end-user: {exact: faulty}}}]
                fault: {abort: {httpStatus: 503, percentage: {value: 100}}}
                route: [{destination: {host: reviews}}]
              - match: [{uri: {exact: /old}}]
                redirect: {uri: /new}
              - match: [{uri: {prefix: /reviews}}]
                name: all
                route: [{destination: {host: reviews, subset: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets: [{name: v1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints:
              - {address: 127.0.0.11, labels: {version: v1}}
              - {address: 127.0.0.12, labels: {version: v1}}
            """;

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    final ManualClock clock = new ManualClock();
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();

    /** What makes spans in {@link #sdk}. */
    abstract MeshObserver traces();

    Mesh mesh() {
        Mesh.Builder builder =
                Mesh.builder().config(TextConfigSource.of("rules", RULES)).observer(traces());
        return leaks.watch(
                MeshTesting.manual(builder, clock, new SplittableRandom(1)).build());
    }

    @AfterEach
    void nothingIsCurrentAndEverySpanHasEnded() {
        assertThat(Span.current().getSpanContext().isValid())
                .as("a span is left on the thread")
                .isFalse();
        assertThat(spans()).allMatch(SpanData::hasEnded);
        assertThat(spans().stream().map(SpanData::getSpanId)).doesNotHaveDuplicates();
        sdk.close();
    }

    List<SpanData> spans() {
        return exporter.getFinishedSpanItems();
    }

    SpanData logical() {
        return only(SpanKind.INTERNAL);
    }

    SpanData only(SpanKind kind) {
        List<SpanData> found =
                spans().stream().filter(span -> span.getKind() == kind).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    List<SpanData> attempts() {
        return spans().stream()
                .filter(span -> span.getKind() == SpanKind.CLIENT)
                .toList();
    }

    /** As text, since Micrometer knows no numbers. */
    static @Nullable String attribute(SpanData span, String name) {
        AtomicReference<@Nullable String> found = new AtomicReference<>();
        span.getAttributes().forEach((key, value) -> {
            if (key.getKey().equals(name)) {
                found.set(value.toString());
            }
        });
        return found.get();
    }

    static ScriptedExchange get(String url, Map<String, List<String>> headers) {
        return new ScriptedExchange(SimpleRequestHead.of("GET", url, headers), ScriptedExchange::echoEndpoint);
    }

    static ScriptedExchange as(String user, ScriptedExchange.Server server) {
        return new ScriptedExchange(SimpleRequestHead.of("GET", URL, Map.of("end-user", List.of(user))), server);
    }

    /** Values of a header that went out with each attempt. */
    static List<String> sent(ScriptedExchange exchange, String header) {
        List<String> values = new ArrayList<>();
        exchange.attempts().forEach(attempt -> {
            List<HeaderField> headers = attempt.headers();
            if (headers != null) {
                headers.stream()
                        .filter(field -> field.name().equalsIgnoreCase(header))
                        .forEach(field -> values.add(field.value()));
            }
        });
        return values;
    }

    static String traceparent(SpanData span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                + span.getSpanContext().getTraceFlags().asHex();
    }

    static InboundContext inbound(String header, String value) {
        return InboundContext.builder().header(header, value).build();
    }
}
