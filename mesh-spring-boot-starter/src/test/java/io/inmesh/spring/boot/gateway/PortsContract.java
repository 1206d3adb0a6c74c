package io.inmesh.spring.boot.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.spring.boot.TestApplication;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Ports that are opened beside the container's own, over real sockets. */
abstract class PortsContract {
    private static final int MOST_ATTEMPTS = 5;
    private static final HeldCertificate AUTHORITY =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final HeldCertificate SERVER = new HeldCertificate.Builder()
            .addSubjectAlternativeName("localhost")
            .signedBy(AUTHORITY)
            .build();
    private static final HeldCertificate CLIENT =
            new HeldCertificate.Builder().signedBy(AUTHORITY).build();

    private final String container;

    PortsContract(String container) {
        this.container = container;
    }

    /** Answers everything before any servlet does. */
    @Configuration(proxyBeanMethods = false)
    static class PortTeller {
        @Bean
        Filter tellPort() {
            return (request, response, chain) -> {
                response.getWriter()
                        .write(request.getLocalPort() + " " + request.getScheme() + " " + request.getRemoteAddr());
                response.flushBuffer();
            };
        }
    }

    @Test
    void opensPortsBesideItsOwn() throws IOException {
        try (Started application = start(further -> new String[] {mapped(0, 80), mapped(further, 15_021)})) {
            int own = application.own();
            int further = application.further();

            assertThat(application.server()).startsWith(container);
            assertThat(get(new OkHttpClient(), "http://localhost:" + own)).isEqualTo(own + " http 127.0.0.1");
            assertThat(get(new OkHttpClient(), "http://localhost:" + further)).isEqualTo(further + " http 127.0.0.1");
        }
    }

    @Test
    void speaksTlsWithABundle() throws IOException {
        try (Started application = start(further -> with(bundle(), mapped(further, 443), tls(further, "bundle=web")))) {
            int further = application.further();

            assertThat(get(client(null), "https://localhost:" + further)).isEqualTo(further + " https 127.0.0.1");
        }
    }

    @Test
    void wantsCertificatesOfClientsWhereItIsTold() throws IOException {
        try (Started application = start(further -> with(
                bundle(),
                mapped(further, 443),
                tls(further, "bundle=web"),
                tls(further, "client-certificates=needed")))) {
            String url = "https://localhost:" + application.further();

            assertThat(get(client(CLIENT), url)).isEqualTo(application.further() + " https 127.0.0.1");
            assertThatThrownBy(() -> get(client(null), url)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void leavesForwardedHeadersToTheGateway() throws IOException {
        try (Started application =
                start(further -> new String[] {"--spring.main.cloud-platform=kubernetes", mapped(further, 80)})) {
            for (int port : List.of(application.own(), application.further())) {
                assertThat(get(
                                new OkHttpClient(),
                                new Request.Builder()
                                        .url("http://localhost:" + port)
                                        .header("X-Forwarded-For", "203.0.113.7")
                                        .header("X-Forwarded-Proto", "https")
                                        .build()))
                        .isEqualTo(port + " http 127.0.0.1");
            }
        }
    }

    private static String[] bundle() {
        String prefix = "--spring.ssl.bundle.pem.web.";
        return new String[] {
            prefix + "keystore.certificate=" + SERVER.certificatePem() + AUTHORITY.certificatePem(),
            prefix + "keystore.private-key=" + SERVER.privateKeyPkcs8Pem(),
            prefix + "truststore.certificate=" + AUTHORITY.certificatePem()
        };
    }

    private static String tls(int port, String setting) {
        return "--mesh.gateway.tls." + port + "." + setting;
    }

    private static OkHttpClient client(HeldCertificate own) {
        HandshakeCertificates.Builder certificates =
                new HandshakeCertificates.Builder().addTrustedCertificate(AUTHORITY.certificate());
        if (own != null) {
            certificates.heldCertificate(own);
        }
        HandshakeCertificates built = certificates.build();
        return new OkHttpClient.Builder()
                .sslSocketFactory(built.sslSocketFactory(), built.trustManager())
                .build();
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        return get(client, new Request.Builder().url(url).build());
    }

    private static String get(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        } finally {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        }
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private static String mapped(int container, int gateway) {
        return "--mesh.gateway.ports." + container + "=" + gateway;
    }

    /** Starts it with a port beside its own; with another where somebody was faster to take that one. */
    private static Started start(IntFunction<String[]> arguments) throws IOException {
        for (int attempt = 1; ; attempt++) {
            int further = free();
            try {
                return new Started(
                        (ServletWebServerApplicationContext) new SpringApplicationBuilder(
                                        TestApplication.class, PortTeller.class)
                                .properties(
                                        "spring.main.banner-mode=off",
                                        "mesh.gateway.enabled=true",
                                        "spring.mvc.servlet.path=/app")
                                .run(with(arguments.apply(further), "--server.port=0", "--server.address=127.0.0.1")),
                        further);
            } catch (RuntimeException failed) {
                if (attempt == MOST_ATTEMPTS || !isTaken(further)) {
                    throw failed;
                }
            }
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isTaken(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !probe.isBound();
        } catch (IOException taken) {
            return true;
        }
    }

    private record Started(ServletWebServerApplicationContext context, int further) implements AutoCloseable {
        int own() {
            return context.getWebServer().getPort();
        }

        String server() {
            return context.getWebServer().getClass().getSimpleName();
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
