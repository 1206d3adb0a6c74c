package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.GatewayServletBuilder;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ContainerSettings;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS and HTTP/2 on either side, kinds of threads, ports, and settings that make no sense. */
class GatewayEdgeTest extends GatewayFixture {
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";

    private OkHttpClient closing(OkHttpClient client) {
        closing(() -> {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        });
        return client;
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void endsTlsAndSaysSo(ContainerKind kind) throws Exception {
        overTls(kind.container(), Protocol.HTTP_1_1);
    }

    /** Jetty wants another library for it. */
    @Test
    void takesTheHttp2ThatATlsClientOffers() throws Exception {
        overTls(ContainerKind.TOMCAT.container().http2(), Protocol.HTTP_2);
    }

    private void overTls(ContainerSettings container, Protocol expected) throws Exception {
        HeldCertificate server = new HeldCertificate.Builder()
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(server.certificate())
                .build();
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(container.https(server, List.of()), upstream.port(), "", settings -> {});
        OkHttpClient client = closing(new OkHttpClient.Builder()
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .build());

        try (Response response = client.newCall(new Request.Builder()
                        .url("https://127.0.0.1:" + gateway.port() + "/")
                        .header("Host", "shop.example")
                        .build())
                .execute()) {
            assertThat(response.protocol()).isEqualTo(expected);
            assertThat(response.body().string()).isEqualTo("ok");
        }

        assertThat(upstream.take().header("x-forwarded-proto")).isEqualTo("https");
    }

    @ParameterizedTest
    @MethodSource("io.inmesh.servlet.testing.ContainerKind#withEachKindOfThreads")
    void servesOnEachKindOfThreads(ContainerKind kind, boolean virtualThreads) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway =
                gateway(kind.container().virtualThreads(virtualThreads), upstream.port(), "", settings -> {});

        List<RawConnection> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawConnection client = closing(gateway.connect());
            client.send("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 4\r\n\r\nab");
            clients.add(client);
        }
        for (RawConnection client : clients) {
            client.send("cd");
        }
        for (RawConnection client : clients) {
            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(upstream.take().text()).isEqualTo("abcd");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void speaksHttp2ToAServiceThatDoes(ContainerKind kind) throws Exception {
        ServletContainer service = closing(kind.container()
                .http2()
                .handler("/*", (request, response) -> {
                    ServletInputStream in = request.getInputStream();
                    String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    response.setTrailerFields(() -> Map.of("grpc-status", "0"));
                    response.getOutputStream()
                            .print(request.getProtocol() + " " + request.getHeader("te") + " " + body);
                    response.flushBuffer();
                })
                .start());
        String rules = rules(service.port(), "")
                .replace("name: http, protocol: HTTP}]\n  endpoints", "name: http, protocol: GRPC}]\n  endpoints");
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(TextConfigSource.of("rules", rules))
                .build());
        ServletContainer gateway = closing(kind.container()
                .http2()
                .servlet("/*", GatewayServlet.builder(mesh).otherPorts(80).build())
                .start());
        OkHttpClient client = closing(new OkHttpClient.Builder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build());

        try (Response response = client.newCall(new Request.Builder()
                        .url("http://127.0.0.1:" + gateway.port() + "/a.B/C")
                        .header("Host", "shop.example")
                        .header("TE", "trailers")
                        .post(RequestBody.create("message".getBytes(StandardCharsets.UTF_8), null))
                        .build())
                .execute()) {
            assertThat(response.body().string()).isEqualTo("HTTP/2.0 trailers message");
            assertThat(response.trailers().get("grpc-status")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void saysThatABodyDidNotComeInFull(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(kind, upstream);
        try (RawConnection connection = gateway.connect()) {
            connection.send("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 10\r\n\r\nabc");
            connection.socket().shutdownOutput();
            int status;
            try {
                status = connection.read().status();
            } catch (IOException closed) {
                status = 400;
            }
            assertThat(status).isEqualTo(400);
        }
        assertThat(upstream.untaken()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void answersByTheGatewaysOfThePort(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer other =
                gateway(kind, upstream, settings -> settings.otherPorts(81).responseFlags(true));

        assertThat(other.exchange(GET).status()).as("no Gateway has port 81").isEqualTo(404);
        assertThat(other.exchange(GET).header("x-inmesh-response-flags")).isEqualTo("NR");
        try (ServerSocket free = new ServerSocket(0)) {
            int unused = free.getLocalPort();
            ServletContainer told = gateway(kind, upstream, settings -> settings.port(unused, 81));
            assertThat(told.exchange(GET).status())
                    .as("its port is that of the other setting")
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(TextConfigSource.of("rules", rules(1, "")))
                .build());
        GatewayServletBuilder builder = GatewayServlet.builder(mesh);
        List<Consumer<GatewayServletBuilder>> wrong = List.of(
                settings -> settings.port(0, 80),
                settings -> settings.port(80, 65_536),
                settings -> settings.otherPorts(-1),
                settings -> settings.trustedHops(-1),
                settings -> settings.maxBodyBytes(-1),
                settings -> settings.retryBodyBytes(-1),
                settings -> settings.maxCalls(0),
                settings -> settings.idleTimeout(Duration.ZERO));
        for (Consumer<GatewayServletBuilder> setting : wrong) {
            assertThatThrownBy(() -> setting.accept(builder)).isInstanceOf(IllegalArgumentException.class);
        }
        Mesh without = closing(Mesh.builder()
                .config(TextConfigSource.of("rules", rules(1, "")))
                .build());
        assertThatThrownBy(() -> GatewayServlet.builder(without)).isInstanceOf(IllegalStateException.class);
    }
}
