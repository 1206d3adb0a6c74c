package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.SkippingTiming;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ServerSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** C11: tokens and authorities that change while we watch. */
class ReflectorCredentialsTest {
    private final SkippingTiming timing = new SkippingTiming(7);
    private final View view = new View();

    @Test
    void readsTheTokenAnewWhenItIsRefused() {
        AtomicReference<String> token = new AtomicReference<>("first");
        try (ScriptedApiServer server = ScriptedApiServer.start(timing::nanoTime);
                ApiServer api = new ApiServer(() -> withToken(server.url(), token.get()), timing)) {
            server.acceptsTokens("first");
            server.put(Thing.PATH, Thing.json("a", "0"));
            try (Reflector<Thing> reflector =
                    Reflector.start(api, Thing.ALL, ReflectorSettings.DEFAULT, timing, view)) {
                sees("0");
                for (int rotation = 1; rotation <= 10; rotation++) {
                    token.set("token " + rotation);
                    server.acceptsTokens("token " + rotation);
                    timing.sleep(Duration.ofSeconds(30));
                    long since = timing.nanoTime();
                    server.resetConnections();
                    server.put(Thing.PATH, Thing.json("a", "" + rotation));

                    sees("" + rotation);
                    assertThat(Duration.ofNanos(timing.nanoTime() - since)).isLessThan(Duration.ofSeconds(60));
                }
                assertThat(view.sizes()).as("never an empty table").containsOnly(1);
                assertThat(view.replacements()).isEqualTo(1);
                assertThat(reflector.status().lastFailure()).doesNotContain("token");
            }
        }
    }

    @Test
    void waitsWhileTheTokenStaysRefused() {
        try (ScriptedApiServer server = ScriptedApiServer.start(timing::nanoTime);
                ApiServer api = new ApiServer(() -> withToken(server.url(), "stale"), timing)) {
            server.acceptsTokens("good");
            try (Reflector<Thing> reflector =
                    Reflector.start(api, Thing.ALL, ReflectorSettings.DEFAULT, timing, view)) {
                long since = timing.nanoTime();
                eventually(() ->
                        assertThat(Duration.ofNanos(timing.nanoTime() - since)).isGreaterThan(Duration.ofMinutes(5)));

                assertThat(server.requests().stream()
                                .filter(request -> request.nanos() - since < TimeUnit.MINUTES.toNanos(5)))
                        .as("twice an attempt at most")
                        .hasSizeLessThan(60);
                assertThat(reflector.status().lastFailure()).contains("401");
            }
        }
    }

    @Test
    void trustsANewAuthority() {
        HeldCertificate oldRoot = authority("old");
        HeldCertificate newRoot = authority("new");
        AtomicReference<HeldCertificate> trusted = new AtomicReference<>(oldRoot);
        AtomicReference<HeldCertificate> serving = new AtomicReference<>(leaf(oldRoot));
        try (ScriptedApiServer server = ScriptedApiServer.startTls(new CurrentCertificate(serving));
                ApiServer api = new ApiServer(() -> trusting(server.url(), trusted.get()), timing)) {
            server.put(Thing.PATH, Thing.json("a", "0"));
            try (Reflector<Thing> reflector =
                    Reflector.start(api, Thing.ALL, ReflectorSettings.DEFAULT, timing, view)) {
                sees("0");

                server.stop();
                serving.set(leaf(newRoot));
                server.put(Thing.PATH, Thing.json("a", "1"));
                server.startAgain();
                eventually(() -> assertThat(reflector.status().lastFailure()).contains("SSL"));
                assertThat(view.values()).isEqualTo(Map.of("a", "0"));
                long since = timing.nanoTime();
                trusted.set(newRoot);

                sees("1");
                assertThat(Duration.ofNanos(timing.nanoTime() - since)).isLessThan(Duration.ofSeconds(60));
                assertThat(view.replacements()).isEqualTo(1);
            }
        }
    }

    private void sees(String value) {
        eventually(() -> assertThat(view.values()).isEqualTo(Map.of("a", value)));
    }

    private static ApiClient withToken(String url, String token) {
        ApiClient client = new ApiClient().setBasePath(url);
        new AccessTokenAuthentication(token).provide(client);
        return client;
    }

    private static ApiClient trusting(String url, HeldCertificate root) {
        return new ApiClient()
                .setBasePath(url)
                .setSslCaCert(new ByteArrayInputStream(root.certificatePem().getBytes(StandardCharsets.UTF_8)));
    }

    private static HeldCertificate authority(String name) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .certificateAuthority(0)
                .build();
    }

    private static HeldCertificate leaf(HeldCertificate root) {
        return new HeldCertificate.Builder()
                .commonName("server")
                .addSubjectAlternativeName("127.0.0.1")
                .signedBy(root)
                .build();
    }

    /** Listens with the certificate that is current at that moment. */
    private static final class CurrentCertificate extends ServerSocketFactory {
        private final AtomicReference<HeldCertificate> certificate;

        CurrentCertificate(AtomicReference<HeldCertificate> certificate) {
            this.certificate = certificate;
        }

        private ServerSocketFactory current() {
            return new HandshakeCertificates.Builder()
                    .heldCertificate(certificate.get())
                    .build()
                    .sslContext()
                    .getServerSocketFactory();
        }

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return current().createServerSocket();
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return current().createServerSocket(port);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return current().createServerSocket(port, backlog);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return current().createServerSocket(port, backlog, address);
        }
    }
}
