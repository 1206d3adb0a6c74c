package io.inmesh.servlet.internal.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.inmesh.model.JwtRule;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySourcesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final KeySources sources =
            new KeySources(new KeyFetcher(GuardedSockets.offTheLink()), Runnable::run, () -> {}, nanos::get);

    @Test
    void sharesWhatIsFetchedBetweenRules(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, Issuer.keys());
        KeySource first = sources.of(rule(file.toUri().toString()));
        KeySet keys = first.current();

        assertThat(keys).isNotNull();
        assertThat(sources.of(rule(file.toUri().toString()))).isSameAs(first);

        Files.writeString(file, Issuer.keys(Issuer.OTHER_RSA));
        nanos.addAndGet(9_000_000_000L);
        assertThat(first.current()).isSameAs(keys);
        nanos.addAndGet(1_000_000_000L);
        assertThat(first.current()).isNotNull().isNotSameAs(keys);
    }

    @Test
    void sharesWhatIsInUseForHowLongEver(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, Issuer.keys());
        KeySource used = sources.of(rule(file.toUri().toString()));

        nanos.addAndGet(Duration.ofDays(2).toNanos());

        assertThat(sources.of(rule(file.toUri().toString()))).isSameAs(used);
        assertThat(used.current()).isNotNull();
    }

    @Test
    void asksAServerForUnknownKeysEvery30Seconds() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] keys = Issuer.keys().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
        try {
            KeySource source =
                    sources.of(rule("http://127.0.0.1:" + server.getAddress().getPort() + "/keys"));
            KeySet known = source.current();
            assertThat(known).isNotNull();

            nanos.addAndGet(Duration.ofSeconds(29).toNanos());
            for (int i = 0; i < 1000; i++) {
                source.newerThan(known);
            }
            assertThat(asked).hasValue(1);

            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            for (int i = 0; i < 1000; i++) {
                source.newerThan(known);
            }
            assertThat(asked).hasValue(2);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "fd00:ec2::254",
                "fe80::1",
                "100.100.100.200",
                "0.0.0.0",
                "224.0.0.1"
            })
    void connectsNowhereThatACloudTellsSecrets(String address) throws Exception {
        try (Socket socket = GuardedSockets.offTheLink().createSocket()) {
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress(InetAddress.getByName(address), 80)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessage("keys are not fetched from that address");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "keys.json",
                "ftp://example.com/keys",
                "http://a b/",
                "file:",
                "https://user@example.com/",
                "http://127.0.0.1:1/",
                "file:///none/such",
            })
    void hasNoKeysWhereNoneCanBeFetched(String uri) {
        assertThat(sources.of(rule(uri)).current()).isNull();
    }

    @Test
    void asksNoIssuerThatIsAFile(@TempDir Path folder) {
        JwtRule rule = JwtRule.builder(folder.toUri().toString()).build();

        assertThat(sources.of(rule).current()).isNull();
    }

    @Test
    void endsItsThreads() {
        KeySources own = KeySources.withOwnThreads();
        own.close();

        assertThat(own.of(rule("http://127.0.0.1:1/")).current()).isNull();
    }

    private static JwtRule rule(String uri) {
        return JwtRule.builder("issuer").jwksUri(uri).build();
    }
}
