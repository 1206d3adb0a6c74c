package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.CertificatePinner;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTPS to endpoints: names, certificates, connections. */
class TlsTest {
    private static HeldCertificate certificate;
    private static HandshakeCertificates serving;
    private static HandshakeCertificates trusting;

    @RegisterExtension
    final Backends backends = new Backends();

    @BeforeAll
    static void makeCertificates() {
        certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("reviews.test")
                .addSubjectAlternativeName("ratings.test")
                .build();
        serving =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void serverNameAndCertificateCheckAreForTheLogicalHostOnEveryEndpoint(Protocol protocol) throws Exception {
        MockWebServer one = tls("one", protocol);
        MockWebServer two = tls("two", protocol);
        OkHttpClient client = alternating(one, two);

        assertThat(sendAll(client, "https://reviews.test:9443/", 6))
                .containsExactly("one", "two", "one", "two", "one", "two");

        for (MockWebServer server : List.of(one, two)) {
            for (int i = 0; i < 3; i++) {
                RecordedRequest request = take(server);
                assertThat(request.getHandshakeServerNames()).containsExactly("reviews.test");
                assertThat(request.getUrl().host()).isEqualTo("reviews.test");
                assertThat(request.getConnectionIndex()).isZero();
                assertThat(request.getExchangeIndex()).isEqualTo(i);
                assertThat(request.getVersion()).isEqualTo(protocol == Protocol.HTTP_2 ? "HTTP/2" : "HTTP/1.1");
            }
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefusedAndNothingIsSent() throws Exception {
        MockWebServer server = tls("one", Protocol.HTTP_2);
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));

        assertThatThrownBy(() -> get(trusting(mesh).build(), "https://details.test/"))
                .isInstanceOf(SSLPeerUnverifiedException.class);

        assertThat(server.getRequestCount()).isZero();
        assertThat(mesh.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.NeverSent.class,
                        never -> assertThat(never.flag()).isEqualTo(ResponseFlag.UF));
    }

    @Test
    void theClientsCertificatePinsAreForTheLogicalHost() throws Exception {
        MockWebServer server = tls("one", Protocol.HTTP_2);
        OkHttpClient pinned = trusting(new ScriptedMesh(head -> Plan.to(endpoint(server))))
                .certificatePinner(new CertificatePinner.Builder()
                        .add("reviews.test", CertificatePinner.pin(certificate.certificate()))
                        .add("ratings.test", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                        .build())
                .build();

        assertThat(get(pinned, "https://reviews.test/")).isEqualTo("one");
        assertThatThrownBy(() -> get(pinned, "https://ratings.test/")).isInstanceOf(SSLPeerUnverifiedException.class);
    }

    @Test
    void http2ConnectionsAreNotSharedBetweenEndpointsThoughTheCertificateWouldAllowIt() throws Exception {
        MockWebServer one = tls("one", Protocol.HTTP_2);
        MockWebServer two = tls("two", Protocol.HTTP_2);
        OkHttpClient client = trusting(new ScriptedMesh(
                        head -> Plan.to(endpoint(head.authority().equals("reviews.test") ? one : two))))
                .build();

        for (int i = 0; i < 3; i++) {
            assertThat(get(client, "https://reviews.test/")).isEqualTo("one");
            assertThat(get(client, "https://ratings.test/")).isEqualTo("two");
        }
        assertThat(one.getRequestCount()).isEqualTo(3);
        assertThat(two.getRequestCount()).isEqualTo(3);
    }

    private MockWebServer tls(String name, Protocol protocol) throws IOException {
        MockWebServer server = protocol == Protocol.HTTP_2
                ? backends.prepare(name, Protocol.HTTP_2, Protocol.HTTP_1_1)
                : backends.prepare(name, Protocol.HTTP_1_1);
        server.useHttps(serving.sslSocketFactory());
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        return server;
    }

    private OkHttpClient alternating(MockWebServer one, MockWebServer two) {
        AtomicInteger turn = new AtomicInteger();
        return trusting(new ScriptedMesh(head -> Plan.to(endpoint(turn.getAndIncrement() % 2 == 0 ? one : two))))
                .build();
    }

    private OkHttpClient.Builder trusting(ScriptedMesh mesh) {
        return backends.builder(mesh).sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager());
    }

    private static List<String> sendAll(OkHttpClient client, String url, int count) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(get(client, url));
        }
        return answers;
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        try (Response response =
                client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.body().string();
        }
    }
}
