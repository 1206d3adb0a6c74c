package io.inmesh.servlet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServletContainerTest {
    private static void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getRequestURI()) {
            case "/async" -> {
                AsyncContext async = request.startAsync();
                async.start(() -> {
                    try {
                        async.getResponse().getOutputStream().print("later");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    } finally {
                        async.complete();
                    }
                });
            }
            case "/fail" -> response.sendError(409);
            case "/page" -> response.getOutputStream().print("page of " + request.getDispatcherType());
            case "/chunks" -> {
                response.getOutputStream().print("one ");
                response.flushBuffer();
                response.getOutputStream().print("two");
            }
            case "/certificate" -> {
                X509Certificate[] chain =
                        (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
                response.getOutputStream()
                        .print(
                                chain == null
                                        ? "none"
                                        : chain[0].getSubjectX500Principal().getName());
            }
            default ->
                response.getOutputStream()
                        .print(Thread.currentThread().getClass().getSimpleName());
        }
    }

    @ParameterizedTest
    @MethodSource("io.inmesh.servlet.testing.ContainerKind#withEachKindOfThreads")
    void servesOnTheThreadsThatWereAskedFor(ContainerKind kind, boolean virtualThreads) throws Exception {
        try (ServletContainer container = kind.container()
                .virtualThreads(virtualThreads)
                .handler("/*", ServletContainerTest::echo)
                .start()) {
            RawAnswer answer = container.get("/");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().contains("Virtual")).isEqualTo(virtualThreads);
            assertThat(container.get("/async").body()).isEqualTo("later");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void readsEveryFormOfAnswer(ContainerKind kind) throws Exception {
        try (ServletContainer container = kind.container()
                        .handler("/*", ServletContainerTest::echo)
                        .errorPage(409, "/page")
                        .filter("/*", (request, response, chain) -> {
                            ((HttpServletResponse) response).addHeader("passed", "filter");
                            chain.doFilter(request, response);
                        })
                        .start();
                RawConnection connection = container.connect()) {
            connection.send("GET /chunks HTTP/1.1\r\nHost: a\r\n\r\n");
            RawAnswer chunks = connection.read();
            assertThat(chunks.body()).isEqualTo("one two");
            assertThat(chunks.headers("passed")).containsExactly("filter");
            connection.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(connection.read(true).status()).isEqualTo(200);
            connection.send("GET /fail HTTP/1.1\r\nHost: a\r\n\r\n");
            RawAnswer failed = connection.read();
            assertThat(failed.status()).isEqualTo(409);
            assertThat(failed.body()).isEqualTo("page of ERROR");
            connection.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(connection.read().status()).isEqualTo(400);
            assertThat(connection.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void asksForAClientCertificate(ContainerKind kind) throws Exception {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate server = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        HeldCertificate client = new HeldCertificate.Builder()
                .signedBy(authority)
                .commonName("caller")
                .build();
        try (ServletContainer container = kind.container()
                .https(server, authority)
                .handler("/*", ServletContainerTest::echo)
                .start()) {
            assertThat(read(container, trusting(authority).build())).isEqualTo("none");
            assertThat(read(
                            container,
                            trusting(authority).heldCertificate(client).build()))
                    .isEqualTo("CN=caller");
        }
    }

    private static HandshakeCertificates.Builder trusting(HeldCertificate authority) {
        return new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate());
    }

    private static String read(ServletContainer container, HandshakeCertificates certificates) throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
                .build();
        try (Response response = client.newCall(new Request.Builder()
                        .url("https://127.0.0.1:" + container.port() + "/certificate")
                        .build())
                .execute()) {
            return response.body().string();
        } finally {
            client.connectionPool().evictAll();
        }
    }
}
