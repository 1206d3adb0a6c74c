package io.inmesh.kubernetes.internal.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.kubernetes.client.util.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kubeconfigs whose users show a certificate, to a server that asks for one. */
class ClientCertificateTest {
    private static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .commonName("root")
            .certificateAuthority(1)
            .build();
    private static final HeldCertificate BETWEEN = new HeldCertificate.Builder()
            .commonName("between")
            .certificateAuthority(0)
            .signedBy(ROOT)
            .build();

    private final MockWebServer server = new MockWebServer();

    @TempDir
    Path home;

    enum Form {
        RSA_PKCS1,
        RSA_PKCS8,
        EC_PKCS8
    }

    @BeforeEach
    void serve() throws IOException {
        HeldCertificate leaf = new HeldCertificate.Builder()
                .commonName("server")
                .addSubjectAlternativeName("localhost")
                .signedBy(BETWEEN)
                .build();
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(leaf, BETWEEN.certificate())
                .addTrustedCertificate(ROOT.certificate())
                .build()
                .sslSocketFactory());
        server.requireClientAuth();
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void showsTheCertificateOfTheFile(Form form) throws Exception {
        HeldCertificate me = me(form);

        RecordedRequest request =
                get("client-certificate-data: " + base64(chain(me)) + ", client-key-data: " + base64(key(me, form)));

        assertThat(String.valueOf(request.getHandshake().peerPrincipal())).contains("bookinfo");
        assertThat(request.getHandshake().peerCertificates()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void showsTheCertificateOfFilesBesideIt() throws Exception {
        HeldCertificate me = me(Form.RSA_PKCS1);
        Files.writeString(home.resolve("me.crt"), chain(me));
        Files.writeString(home.resolve("me.key"), key(me, Form.RSA_PKCS1));

        RecordedRequest request = get("client-certificate: me.crt, client-key: me.key");

        assertThat(String.valueOf(request.getHandshake().peerPrincipal())).contains("bookinfo");
    }

    @Test
    void showsTheCertificateThatAPluginSaysWhichIsRunOnce() throws Exception {
        HeldCertificate me = me(Form.EC_PKCS8);
        Path plugin = Files.writeString(home.resolve("plugin"), """
                #!/bin/sh
                echo run >> '%s'
                cat <<'END'
                {"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": {
                "clientCertificateData": "%s", "clientKeyData": "%s"}}
                END
                """.formatted(
                        home.resolve("runs"), inJson(chain(me)), inJson(key(me, Form.EC_PKCS8))));
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));

        RecordedRequest request = get("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin}");

        assertThat(String.valueOf(request.getHandshake().peerPrincipal())).contains("bookinfo");
        assertThat(Files.readAllLines(home.resolve("runs"))).hasSize(1);
    }

    @Test
    void saysWhatIsWrongWithKeyAndCertificate() {
        String certificate = "client-certificate-data: " + base64(chain(me(Form.EC_PKCS8)));
        String key = ", client-key-data: " + base64(key(me(Form.EC_PKCS8), Form.EC_PKCS8));

        assertThatIOException()
                .isThrownBy(() -> get(certificate + ", client-key-data: " + base64("nonsense")))
                .withMessageContaining("kubeconfig " + home.resolve("config") + " cannot be used")
                .withMessageContaining("the client key is not a PEM text with a private key");
        assertThatIOException()
                .isThrownBy(() -> get("client-certificate-data: " + base64("nonsense") + key))
                .withMessageContaining("the client certificate is");
    }

    /** client-java's own client needs more than InMesh brings, and the failure says what to add. */
    @Test
    void aClientOfTheApplicationsMakingSaysWhatItLacks() throws IOException {
        HeldCertificate me = me(Form.RSA_PKCS1);
        String config = write("client-certificate-data: " + base64(chain(me)) + ", client-key-data: "
                        + base64(key(me, Form.RSA_PKCS1)))
                .toString();

        try (ApiServer api = new ApiServer(() -> Config.fromConfig(config))) {
            assertThatIOException()
                    .isThrownBy(() -> api.call(request()).execute())
                    .withMessageContaining("org/bouncycastle")
                    .withMessageContaining("declares the dependency io.kubernetes:client-java");
        }
    }

    private static HeldCertificate me(Form form) {
        HeldCertificate.Builder builder =
                new HeldCertificate.Builder().commonName("bookinfo").signedBy(BETWEEN);
        return form == Form.EC_PKCS8
                ? builder.ecdsa256().build()
                : builder.rsa2048().build();
    }

    private static String chain(HeldCertificate me) {
        return me.certificatePem() + BETWEEN.certificatePem();
    }

    private static String key(HeldCertificate me, Form form) {
        return form == Form.RSA_PKCS1 ? me.privateKeyPkcs1Pem() : me.privateKeyPkcs8Pem();
    }

    private static String inJson(String text) {
        return text.replace("\n", "\\n");
    }

    private RecordedRequest get(String user) throws Exception {
        server.enqueue(new MockResponse(200, Headers.of(), "{}"));
        ClusterConfiguration configuration =
                new ClusterConfiguration(write(user), null, Map.of(), home, home.resolve("serviceaccount"));
        try (ApiServer api = new ApiServer(configuration);
                ApiResponse response = api.call(request()).execute()) {
            assertThat(response.body().readUtf8()).isEqualTo("{}");
        }
        return server.takeRequest();
    }

    private static ApiRequest request() {
        Duration enough = Duration.ofSeconds(20);
        return new ApiRequest("/api/v1/pods", Map.of(), "application/json", enough, enough);
    }

    private Path write(String user) throws IOException {
        return Files.writeString(
                home.resolve("config"), """
                current-context: here
                clusters: [{name: c, cluster: {server: '%s', certificate-authority-data: %s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: here, context: {cluster: c, user: u}}]
                """.formatted(server.url("/"), base64(ROOT.certificatePem()), user));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
