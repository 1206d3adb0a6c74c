package io.inmesh.servlet.internal.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFetcherTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final KeyFetcher fetcher = new KeyFetcher(GuardedSockets.offTheLink());
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private String base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        serve("/secret", 200, "secret");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void fetchesAText() throws Exception {
        serve("/keys", 200, "{\"keys\":[]}");

        assertThat(fetcher.fetch(URI.create(base + "/keys"), LONG)).isEqualTo("{\"keys\":[]}");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 401, 404, 500, 503})
    void takesNothingElseThan200(int status) {
        serve("/keys", status, "{\"keys\":[]}");

        assertThatThrownBy(() -> fetcher.fetch(URI.create(base + "/keys"), LONG))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secret", "http://127.0.0.1:1/", "file:///etc/passwd", "http://169.254.169.254/"})
    void followsNoRedirect(String location) {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            server.createContext("/to" + status, exchange -> {
                exchange.getResponseHeaders().add("Location", location);
                answer(exchange, status, "");
            });
            assertThatThrownBy(() -> fetcher.fetch(URI.create(base + "/to" + status), LONG))
                    .hasMessageContaining("redirects are not followed");
        }
        assertThat(asked).doesNotContain("/secret");
    }

    @Test
    void takesNoMoreThanItMay() throws Exception {
        serve("/most", 200, "x".repeat(KeyFetcher.LARGEST));
        serve("/more", 200, "x".repeat(KeyFetcher.LARGEST + 1));

        assertThat(fetcher.fetch(URI.create(base + "/most"), LONG)).hasSize(KeyFetcher.LARGEST);
        assertThatThrownBy(() -> fetcher.fetch(URI.create(base + "/more"), LONG))
                .hasMessageContaining("larger than");
    }

    @Test
    void waitsNoLongerThanItMay() {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                end.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        try {
            assertThatThrownBy(() -> fetcher.fetch(URI.create(base + "/slow"), Duration.ofMillis(300)))
                    .isInstanceOf(IOException.class);
        } finally {
            end.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]/",
                "http://[::ffff:169.254.169.254]/",
                "http://0.0.0.0/",
                "http://[::]/",
                "http://224.0.0.1/",
                "http://2852039166/",
            })
    void asksNoAddressOfTheLink(String uri) {
        assertThatThrownBy(() -> fetcher.fetch(URI.create(uri), LONG)).isInstanceOf(IOException.class);
    }

    /** Whatever name an address came from, as when a name server tells another one the second time. */
    @Test
    void looksAtTheAddressWhenItConnects() throws Exception {
        for (String address : List.of("169.254.169.254", "fe80::1", "::", "0.0.0.0", "ff02::1")) {
            InetAddress resolved = InetAddress.getByAddress(
                    "keys.example.com", InetAddress.getByName(address).getAddress());
            try (Socket socket = GuardedSockets.offTheLink().createSocket()) {
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress(resolved, 80), 1000))
                        .hasMessage("keys are not fetched from that address");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "keys.json",
                "ftp://example.com/",
                "jar:file:/x!/y",
                "data:application/json;base64,e30=",
                "http:x",
                "http:///x",
                "http://user:password@example.com/",
                "gopher://example.com/",
                "file://host/keys.json",
                "file:keys.json",
            })
    void fetchesNothingFromElsewhere(String uri) {
        assertThat(KeyFetcher.isFetchable(URI.create(uri))).isFalse();
    }

    @Test
    void readsFiles(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, "{\"keys\":[]}");

        assertThat(fetcher.fetch(file.toUri(), LONG)).isEqualTo("{\"keys\":[]}");

        Files.writeString(file, "x".repeat(KeyFetcher.LARGEST + 1));
        assertThatThrownBy(() -> fetcher.fetch(file.toUri(), LONG)).hasMessageContaining("larger than");
        assertThatThrownBy(() -> fetcher.fetch(folder.resolve("none").toUri(), LONG))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> fetcher.fetch(URI.create("file:///dev/zero"), LONG))
                .hasMessage("it is no regular file");
    }

    @Test
    void asksAnIssuerWhereItsKeysAre() throws Exception {
        serve("/keys", 200, "keys");
        serve("/.well-known/openid-configuration", 200, configuration(base, base + "/keys"));

        assertThat(fetcher.discover(base, LONG)).isEqualTo("keys");
    }

    @Test
    void hasOneTimeForConfigurationAndKeys() {
        AtomicLong nanos = new AtomicLong();
        KeyFetcher watched = new KeyFetcher(GuardedSockets.offTheLink(), nanos::get);
        serve("/keys", 200, "keys");
        server.createContext("/.well-known/openid-configuration", exchange -> {
            nanos.addAndGet(LONG.toNanos());
            answer(exchange, 200, configuration(base, base + "/keys"));
        });

        assertThatThrownBy(() -> watched.discover(base, LONG)).hasMessageContaining("took all of the time");
        assertThat(asked).doesNotContain("/keys");
    }

    @Test
    void believesNoConfigurationThatLeadsElsewhere() {
        List<String> configurations = List.of(
                configuration("https://other.test", base + "/secret"),
                configuration(base, "file:///etc/passwd"),
                configuration(base, "/secret"),
                configuration(base, "nonsense"),
                "{}",
                "[]",
                "x");
        for (int i = 0; i < configurations.size(); i++) {
            String issuer = base + "/" + i;
            serve(
                    "/" + i + "/.well-known/openid-configuration",
                    200,
                    configurations.get(i).replace("\"issuer\":\"" + base + "\"", "\"issuer\":\"" + issuer + "\""));
            assertThatThrownBy(() -> fetcher.discover(issuer, LONG))
                    .as(configurations.get(i))
                    .isInstanceOf(IOException.class);
        }
        assertThat(asked).doesNotContain("/secret");
    }

    private static String configuration(String issuer, String keys) {
        return "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + keys + "\"}";
    }

    private void serve(String path, int status, String body) {
        server.createContext(path, exchange -> answer(exchange, status, body));
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        asked.add(exchange.getRequestURI().getPath());
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 || bytes.length == 0 ? -1 : bytes.length);
        if (status != 204) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
