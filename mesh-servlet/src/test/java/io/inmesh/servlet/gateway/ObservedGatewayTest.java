package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.InboundObserver;
import io.inmesh.observe.StartedRequest;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import io.inmesh.telemetry.accesslog.AccessLog;
import io.inmesh.telemetry.accesslog.AccessLogEntry;
import io.inmesh.telemetry.accesslog.AccessLogFormat;
import io.inmesh.telemetry.accesslog.AccessLogSink;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each request that comes in at a gateway is told of once, whoever answers it. */
class ObservedGatewayTest extends GatewayFixture {
    private final BlockingQueue<EndedRequest> ended = new LinkedBlockingQueue<>();
    private final InboundObserver observer = new InboundObserver() {
        @Override
        public InboundObservation requestStarted(StartedRequest request) {
            return new InboundObservation() {
                @Override
                public void ended(EndedRequest told) {
                    ended.add(told);
                }
            };
        }
    };

    private EndedRequest told(ServletContainer gateway, String request) throws Exception {
        RawAnswer answer = gateway.exchange(request);
        EndedRequest told = ended.poll(20, TimeUnit.SECONDS);
        assertThat(told).as(request).isNotNull();
        assertThat(ended).isEmpty();
        assertThat(told.status()).isEqualTo(answer.status());
        assertThat(told.responseBytes()).isEqualTo(answer.body().length());
        return told;
    }

    private static String get(String host, String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void withTheFlagOfWhatHasEndedIt(ContainerKind kind) throws Exception {
        ServletContainer gateway = gateway(
                kind,
                upstream(),
                settings -> settings.observer(observer)
                        .maxBodyBytes(10)
                        .rateLimit(RateLimit.builder(1, Duration.ofHours(1))
                                .path("/limited")
                                .build()));

        assertThat(told(gateway, get("shop.example", "/")).flag()).isNull();
        EndedRequest posted = told(gateway, "POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(posted.flag()).isNull();
        assertThat(posted.requestBytes()).isEqualTo(3);
        assertThat(told(gateway, get("nobody.example", "/")).flag()).isEqualTo(ResponseFlag.NR);
        assertThat(told(gateway, get("shop.example", "/limited")).flag()).isNull();
        assertThat(told(gateway, get("shop.example", "/limited")).flag()).isEqualTo(ResponseFlag.RL);
        assertThat(told(gateway, get("shop.example\r\nx: \u00e4", "/")).flag()).isEqualTo(ResponseFlag.DPE);
        assertThat(told(gateway, "POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 11\r\n\r\n12345678901")
                        .flag())
                .isEqualTo(ResponseFlag.DPE);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void withTheFlagOfAServerThatIsAway(ContainerKind kind) throws Exception {
        int nobody;
        try (Upstream gone = Upstream.ok()) {
            nobody = gone.port();
        }
        ServletContainer gateway =
                gateway(kind.container(), nobody, "retries: {attempts: 0}", settings -> settings.observer(observer));

        EndedRequest told = told(gateway, get("shop.example", "/"));

        assertThat(told.status()).isEqualTo(503);
        assertThat(told.flag()).isEqualTo(ResponseFlag.UF);
    }

    /** Whoever has heard of a request from the filter does not hear of it again, and its call is no entry of its own. */
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void behindAFilterOnceAllTheSame(ContainerKind kind) throws Exception {
        BlockingQueue<AccessLogEntry> entries = new LinkedBlockingQueue<>();
        AccessLog log = AccessLog.of(new AccessLogSink() {
            @Override
            public boolean wantsEntries() {
                return true;
            }

            @Override
            public void accept(AccessLogEntry entry) {
                entries.add(entry);
            }
        });
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(TextConfigSource.of("rules", rules(upstream().port(), "name: all")))
                .observer(log)
                .build());
        ServletContainer gateway = closing(kind.container()
                .filter(
                        "/*",
                        MeshServletFilter.builder()
                                // First, so that each line is there when the end is told that is waited for.
                                .observer(log)
                                .observer(observer)
                                .build())
                .servlet(
                        "/*",
                        GatewayServlet.builder(mesh)
                                .otherPorts(80)
                                .observer(log)
                                .observer(observer)
                                .build())
                .start());

        assertThat(told(gateway, get("shop.example", "/")).flag()).isNull();
        assertThat(told(gateway, get("nobody.example", "/")).flag()).isEqualTo(ResponseFlag.NR);

        assertThat(AccessLogFormat.TEXT.line(entries.take()))
                .contains("\"GET / HTTP/1.1\" 200 - via_upstream - \"-\" 0 2 ")
                .contains("\"127.0.0.1:" + upstream().port() + "\" outbound|80||shop.internal - 127.0.0.1:"
                        + gateway.port() + " 127.0.0.1:")
                .endsWith(" - all");
        assertThat(AccessLogFormat.TEXT.line(entries.take())).contains("\" 404 NR route_not_found - ");
        assertThat(entries).isEmpty();
    }
}
