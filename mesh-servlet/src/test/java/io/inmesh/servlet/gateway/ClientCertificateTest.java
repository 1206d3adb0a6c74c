package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ServletContainer;
import io.inmesh.servlet.testing.UriCertificates;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may come in by the certificate that he shows, over TLS. */
class ClientCertificateTest extends GatewayFixture {
    private static final String ALICE = "spiffe://cluster.local/ns/team/sa/alice";
    private static final String POLICIES = """
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: allow}
            spec:
              rules:
              - to: [{operation: {paths: [/principal]}}]
                from: [{source: {principals: [cluster.local/ns/team/sa/alice]}}]
              - to: [{operation: {paths: [/suffix]}}]
                from: [{source: {principals: ["*/sa/alice"]}}]
              - to: [{operation: {paths: [/namespace]}}]
                from: [{source: {namespaces: [team]}}]
              - to: [{operation: {paths: [/account]}}]
                from: [{source: {serviceAccounts: [team/alice]}}]
              - to: [{operation: {paths: [/notBob]}}]
                from: [{source: {notPrincipals: [cluster.local/ns/team/sa/bob]}}]
              - to: [{operation: {paths: [/denied]}}]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: deny}
            spec:
              action: DENY
              rules:
              - to: [{operation: {paths: [/denied]}}]
                from: [{source: {principals: ["*/sa/bob"]}}]
            """;

    private final HeldCertificate server =
            new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    private final HeldCertificate named = new HeldCertificate.Builder()
            .commonName("cluster.local/ns/team/sa/alice")
            .addSubjectAlternativeName("cluster.local")
            .build();
    private HeldCertificate alice;
    private HeldCertificate aliceAndBob;

    @BeforeAll
    void makeCertificates() throws Exception {
        alice = UriCertificates.of("alice", ALICE);
        aliceAndBob = UriCertificates.of("both", ALICE, "spiffe://cluster.local/ns/team/sa/bob");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void letsInWhomACertificateIsFor(ContainerKind kind) throws Exception {
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(new TextConfigSource(
                        "rules",
                        ConfigReader.sensible().forGateway(),
                        Map.of("rules", rules(upstream().port(), "") + POLICIES)))
                .build());
        ServletContainer gateway = closing(kind.container()
                .https(server, List.of(alice.certificate(), aliceAndBob.certificate(), named.certificate()))
                .servlet("/*", GatewayServlet.builder(mesh).otherPorts(80).build())
                .start());

        assertAnswers(gateway, alice, "/principal", 200, "/suffix", 200, "/namespace", 200, "/account", 200);
        assertAnswers(gateway, alice, "/notBob", 200, "/denied", 200);
        // For nobody for certain, and perhaps for bob.
        assertAnswers(gateway, aliceAndBob, "/principal", 403, "/suffix", 403, "/namespace", 403, "/account", 403);
        assertAnswers(gateway, aliceAndBob, "/notBob", 403, "/denied", 403);
        for (HeldCertificate nobody : new HeldCertificate[] {named, null}) {
            assertAnswers(gateway, nobody, "/principal", 403, "/suffix", 403, "/namespace", 403, "/account", 403);
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void letsInOnlyWhoShowsOneWhereTheServerIsMutual(ContainerKind kind) throws Exception {
        String mutual = rules(upstream().port(), "")
                .replace(
                        "{number: 80, name: http, protocol: HTTP}, hosts: [\"*\"]}",
                        "{number: 443, name: https, protocol: HTTPS}, hosts: [\"*\"],"
                                + " tls: {mode: MUTUAL, credentialName: shop}}");
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(new TextConfigSource("rules", ConfigReader.sensible().forGateway(), Map.of("rules", mutual)))
                .build());
        ServletContainer gateway = closing(kind.container()
                .https(server, List.of(alice.certificate(), named.certificate()))
                .servlet("/*", GatewayServlet.builder(mesh).otherPorts(443).build())
                .start());
        ServletContainer withoutTls = closing(kind.container()
                .servlet("/*", GatewayServlet.builder(mesh).otherPorts(443).build())
                .start());

        assertAnswers(gateway, alice, "/", 200);
        assertAnswers(gateway, named, "/", 200);
        assertAnswers(gateway, null, "/", 403);
        assertThat(withoutTls
                        .exchange("GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-Proto: https\r\n\r\n")
                        .status())
                .isEqualTo(403);
    }

    /** Pairs of paths and statuses. A header in which proxies tell certificates is believed of nobody. */
    private void assertAnswers(ServletContainer gateway, @Nullable HeldCertificate client, Object... pairs)
            throws IOException {
        HandshakeCertificates.Builder certificates =
                new HandshakeCertificates.Builder().addTrustedCertificate(server.certificate());
        if (client != null) {
            certificates.heldCertificate(client);
        }
        HandshakeCertificates handshake = certificates.build();
        OkHttpClient caller = new OkHttpClient.Builder()
                .sslSocketFactory(handshake.sslSocketFactory(), handshake.trustManager())
                .build();
        try {
            for (int i = 0; i < pairs.length; i += 2) {
                Request request = new Request.Builder()
                        .url("https://127.0.0.1:" + gateway.port() + pairs[i])
                        .header("Host", "shop.example")
                        .header("X-Forwarded-Client-Cert", "By=x;URI=" + ALICE)
                        .build();
                try (Response response = caller.newCall(request).execute()) {
                    assertThat(response.code()).as("%s", pairs[i]).isEqualTo(pairs[i + 1]);
                }
            }
        } finally {
            caller.connectionPool().evictAll();
        }
    }
}
