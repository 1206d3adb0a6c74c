package io.inmesh.kubernetes.internal.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1PodList;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Each way to authenticate that a kubeconfig knows, on the class path that an application gets from this module. */
class AuthenticationTest {
    private static final HeldCertificate LOCALHOST =
            new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();

    private final MockWebServer server = new MockWebServer();

    @TempDir
    Path home;

    @BeforeEach
    void serve() throws IOException {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** What client-java would load for calls and configurations that InMesh does not make. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.kubernetes.client.proto.V1",
                "com.google.protobuf.Message",
                "org.bouncycastle.jce.provider.BouncyCastleProvider",
                "org.bouncycastle.openssl.PEMParser",
                "org.apache.commons.collections4.MapUtils",
                "org.apache.commons.compress.utils.IOUtils",
                "com.fasterxml.jackson.databind.ObjectMapper"
            })
    void isNotOnTheClassPath(String left) {
        assertThatThrownBy(() -> Class.forName(left)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void byTokenAndByFileOfOne() throws Exception {
        Path file = Files.writeString(home.resolve("token"), "from-file");

        assertThat(authorization("token: secret")).isEqualTo("Bearer secret");
        assertThat(authorization("tokenFile: " + file)).isEqualTo("Bearer from-file");
    }

    @Test
    void byPassword() throws Exception {
        assertThat(authorization("username: me, password: secret")).isEqualTo("Basic " + base64("me:secret"));
    }

    @Test
    void byPlugin() throws Exception {
        plugin("""
                {"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential",
                 "status": {"token": "from-plugin"}}
                """);

        assertThat(authorization("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin}"))
                .isEqualTo("Bearer from-plugin");
    }

    @Test
    void byTheCommandOfAProvider() throws Exception {
        Path command = plugin("""
                {"credential": {"access_token": "from-command", "token_expiry": "2100-01-01T00:00:00Z"}}
                """);

        assertThat(authorization("auth-provider: {name: gcp, config: {cmd-path: " + command
                        + ", cmd-args: config, access-token: old,"
                        + " expiry: '2000-01-01T00:00:00Z'}}"))
                .isEqualTo("Bearer from-command");
    }

    @Test
    void byATokenThatItsIssuerRenews() throws Exception {
        try (MockWebServer issuer = new MockWebServer()) {
            issuer.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(LOCALHOST)
                    .build()
                    .sslSocketFactory());
            issuer.start();
            issuer.enqueue(
                    new MockResponse(200, Headers.of(), "{\"token_endpoint\": \"" + issuer.url("/token") + "\"}"));
            issuer.enqueue(
                    new MockResponse(200, Headers.of(), "{\"id_token\": \"renewed\", \"refresh_token\": \"next\"}"));
            String expired = token("{\"alg\":\"none\"}") + "." + token("{\"exp\":1000}") + ".";

            String authorization = authorization("""
                    auth-provider: {name: oidc, config: {id-token: '%s', refresh-token: first, client-id: inmesh,
                    client-secret: secret, idp-issuer-url: '%s', idp-certificate-authority-data: %s}}
                    """.formatted(
                    expired, issuer.url("/"), base64(LOCALHOST.certificatePem())).strip());

            assertThat(authorization).isEqualTo("Bearer renewed");
            issuer.takeRequest();
            assertThat(issuer.takeRequest().getBody().utf8()).contains("refresh_token=first");
        }
    }

    /** Who makes a client without declaring client-java has its models and calls all the same. */
    @Test
    void clientJavasOwnClientCalls() throws Exception {
        server.enqueue(new MockResponse(
                200,
                Headers.of("Content-Type", "application/json"),
                "{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [{\"metadata\": {\"name\":"
                        + " \"reviews-v1\"}}]}"));
        String address = server.url("/").toString();

        V1PodList pods = new CoreV1Api(new ApiClient().setBasePath(address.substring(0, address.length() - 1)))
                .listNamespacedPod("default")
                .execute();

        assertThat(pods.getItems())
                .singleElement()
                .satisfies(pod -> assertThat(pod.getMetadata().getName()).isEqualTo("reviews-v1"));
    }

    private String authorization(String user) throws Exception {
        server.enqueue(new MockResponse(200, Headers.of(), "{}"));
        Path file = Files.writeString(home.resolve("config"), """
                current-context: here
                clusters: [{name: c, cluster: {server: '%s'}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: here, context: {cluster: c, user: u}}]
                """.formatted(server.url("/"), user));
        Duration enough = Duration.ofSeconds(20);
        try (ApiServer api = new ApiServer(
                        new ClusterConfiguration(file, null, Map.of(), home, home.resolve("serviceaccount")));
                ApiResponse response = api.call(
                                new ApiRequest("/api/v1/pods", Map.of(), "application/json", enough, enough))
                        .execute()) {
            assertThat(response.body().readUtf8()).isEqualTo("{}");
        }
        RecordedRequest request = server.takeRequest();
        return request.getHeaders().get("Authorization");
    }

    private Path plugin(String says) throws IOException {
        Path plugin = Files.writeString(home.resolve("plugin"), "#!/bin/sh\ncat <<'END'\n" + says + "END\n");
        return Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    }

    private static String token(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
