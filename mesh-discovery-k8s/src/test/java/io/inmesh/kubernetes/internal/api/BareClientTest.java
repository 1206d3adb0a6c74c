package io.inmesh.kubernetes.internal.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLException;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same configurations through client-java's own client, of which {@link BareClient} leaves the models out. Client
 * certificates, which client-java reads with libraries that are left out here: {@link ClientCertificateTest}.
 */
class BareClientTest {
    private static final HeldCertificate ROOT = authority("root");
    private static final HeldCertificate OTHER_ROOT = authority("other root");

    private final MockWebServer server = new MockWebServer();

    private interface Building {
        ApiClient of(RecordedKubeConfig config) throws IOException;
    }

    enum Maker {
        BARE(config -> BareClient.build(ClusterConfiguration.builder(config))),
        CLIENT_JAVA(config -> ClientBuilder.kubeconfig(config).build());

        private final Building building;

        Maker(Building building) {
            this.building = building;
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void speaksPlainHttp(Maker maker) throws Exception {
        server.start();

        RecordedRequest request = get(maker, "", "token: secret");

        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer secret");
    }

    @ParameterizedTest
    @EnumSource
    void trustsTheAuthorityOfTheConfiguration(Maker maker) throws Exception {
        serveTls("localhost");

        RecordedRequest request = get(maker, authorityData(ROOT), "token: secret");

        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer secret");
        assertThat(request.getHandshake()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void trustsNoOtherAuthority(Maker maker) throws IOException {
        serveTls("localhost");

        assertThatThrownBy(() -> get(maker, authorityData(OTHER_ROOT), "token: secret"))
                .hasRootCauseInstanceOf(Exception.class)
                .satisfies(failure ->
                        assertThat(Session.distrust((IOException) failure)).isTrue());
        assertThat(server.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void trustsWhomTheJvmTrustsWhereThereIsNoAuthority(Maker maker) throws IOException {
        serveTls("localhost");

        assertThat(client(maker, "", "token: secret").getHttpClient().x509TrustManager())
                .satisfies(trust -> assertThat(trust.getAcceptedIssuers()).isNotEmpty());
        assertThatThrownBy(() -> get(maker, "", "token: secret")).hasCauseInstanceOf(SSLException.class);
        assertThat(server.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void doesNotVerifyWhereItIsToldNotTo(Maker maker) throws Exception {
        serveTls("elsewhere.example");

        RecordedRequest request = get(maker, "insecure-skip-tls-verify: true", "token: secret");

        assertThat(request.getHandshake()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void refusesACertificateOfAnotherName(Maker maker) throws IOException {
        serveTls("kubernetes.default");

        assertThatThrownBy(() -> get(maker, authorityData(ROOT), "token: secret"))
                .hasStackTraceContaining("Hostname localhost not verified");
    }

    @ParameterizedTest
    @EnumSource
    void expectsTheNameThatIsConfigured(Maker maker) throws Exception {
        serveTls("kubernetes.default");

        RecordedRequest request =
                get(maker, authorityData(ROOT) + ", tls-server-name: kubernetes.default", "token: secret");

        assertThat(request.getHandshake()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void saysItsPassword(Maker maker) throws Exception {
        serveTls("localhost");

        RecordedRequest request = get(maker, authorityData(ROOT), "username: me, password: secret");

        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Basic " + base64("me:secret"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnAuthorityThatIsNone(Maker maker) throws IOException {
        serveTls("localhost");

        assertThatThrownBy(() -> get(maker, "certificate-authority-data: " + base64("nonsense"), "token: secret"))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void hasNoModels() throws IOException {
        server.start();

        assertThat(client(Maker.BARE, "", "token: secret").getJSON()).isNull();
    }

    private void serveTls(String name) throws IOException {
        HeldCertificate leaf = new HeldCertificate.Builder()
                .commonName("server")
                .addSubjectAlternativeName(name)
                .signedBy(ROOT)
                .build();
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(leaf)
                .addTrustedCertificate(ROOT.certificate())
                .build()
                .sslSocketFactory());
        server.start();
    }

    private RecordedRequest get(Maker maker, String cluster, String user) throws IOException, InterruptedException {
        server.enqueue(new MockResponse(200, Headers.of(), "{}"));
        Duration enough = Duration.ofSeconds(20);
        ApiRequest request = new ApiRequest("/api/v1/pods", Map.of(), "application/json", enough, enough);
        ApiClient client = client(maker, cluster, user);
        try (ApiServer api = new ApiServer(() -> client);
                ApiResponse response = api.call(request).execute()) {
            assertThat(response.body().readUtf8()).isEqualTo("{}");
        }
        return server.takeRequest();
    }

    private ApiClient client(Maker maker, String cluster, String user) throws IOException {
        RecordedKubeConfig config = new RecordedKubeConfig(KubeConfig.loadKubeConfig(
                new StringReader("""
                current-context: here
                clusters: [{name: c, cluster: {server: '%s'%s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: here, context: {cluster: c, user: u}}]
                """.formatted(server.url("/"), cluster.isEmpty() ? "" : ", " + cluster, user))));
        config.setContext("here");
        return maker.building.of(config);
    }

    private static String authorityData(HeldCertificate root) {
        return "certificate-authority-data: " + base64(root.certificatePem());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static HeldCertificate authority(String name) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .certificateAuthority(0)
                .build();
    }
}
