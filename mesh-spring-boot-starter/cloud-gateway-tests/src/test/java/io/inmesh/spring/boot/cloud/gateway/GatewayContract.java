package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for both gateways. Their routes: {@code /plain} to http://orders, {@code /lb} to lb://orders, {@code /direct}
 * to the address of v1, {@code /stock} to lb://stock, {@code /gone} to lb://gone, all without their first segment;
 * {@code /host} to lb://orders with the caller's Host.
 */
abstract class GatewayContract {
    static final int CHUNK = 1 << 20;
    static final int CHUNKS = 64;

    /** Added by the mesh, as by a sidecar. */
    static final String ATTEMPT_COUNT = "x-envoy-attempt-count";

    static Upstream v1;
    static Upstream v2;
    static Upstream other;
    static Gateway gateway;

    static void startUpstreams() {
        v1 = new Upstream("v1");
        v2 = new Upstream("v2");
        other = new Upstream("other");
    }

    /** The routes as properties of a gateway, and more properties. */
    static String[] routes(String server, String... more) {
        List<String> properties = new ArrayList<>(List.of(more));
        String[][] routes = {
            {"plain", "http://orders"},
            {"lb", "lb://orders"},
            {"direct", "http://" + v1.address()},
            {"stock", "lb://stock"},
            {"gone", "lb://gone"},
            {"host", "lb://orders"}
        };
        for (int i = 0; i < routes.length; i++) {
            String route = "--spring.cloud.gateway.server." + server + ".routes[" + i + "].";
            properties.add(route + "id=" + routes[i][0]);
            properties.add(route + "uri=" + routes[i][1]);
            properties.add(route + "predicates[0]=Path=/" + routes[i][0] + "/**");
            properties.add(route + "filters[0]=StripPrefix=1");
            if (routes[i][0].equals("host")) {
                properties.add(route + "filters[1]=PreserveHostHeader");
            }
        }
        return properties.toArray(String[]::new);
    }

    static void stopAll() {
        if (gateway != null) {
            gateway.close();
        }
        v1.close();
        v2.close();
        other.close();
    }

    @AfterEach
    void leaveNothingBehind() {
        gateway.awaitIdle();
        v1.reset();
        v2.reset();
        other.reset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plain", "/lb"})
    void aRouteToAServiceOfTheMeshFollowsItsRules(String route) {
        assertThat(gateway.get(route + "/renamed/1?a=b&c=%20d").body()).isEqualTo("v1");
        assertThat(v1.last().path()).isEqualTo("/by-the-rule/1?a=b&c=%20d");
        assertThat(v1.last().header("Host")).isEqualTo("orders");

        assertThat(gateway.get(route + "/x", "end-user", "jason").body()).isEqualTo("v2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plain", "/lb"})
    void whatArrivesIsWhatWouldWithoutTheMesh(String route) {
        String query = "/p%20q/r;s=1/?a=%2F&b=c+d&b=e&empty=&x=%F0%9F%98%80";
        String[] headers = {
            "X-Forwarded-For",
            "203.0.113.7",
            "Accept",
            "text/plain",
            "Cookie",
            "a=b; c=d",
            "User-Agent",
            "me/1",
            "X-Custom",
            "one",
            "X-Custom",
            "two",
            "Accept-Encoding",
            "br",
            "X-Request-Id",
            "of-the-caller"
        };
        gateway.get("/direct" + query, headers);
        gateway.get(route + query, headers);

        assertThat(v1.seen()).hasSize(2);
        Upstream.Seen without = v1.seen().get(0);
        Upstream.Seen with = v1.seen().get(1);
        assertThat(with.path()).isEqualTo(without.path());
        assertThat(comparable(with)).isEqualTo(comparable(without));
        assertThat(with.header("X-Forwarded-Host")).isEqualTo("127.0.0.1:" + gateway.port());
        assertThat(with.header("X-Forwarded-Port")).isEqualTo(Integer.toString(gateway.port()));
    }

    /** All headers but those that have to differ: of the route, of the connection, of the mesh. */
    private static Map<String, List<String>> comparable(Upstream.Seen seen) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(seen.headers());
        List.of("Host", "Connection", ATTEMPT_COUNT, "X-Forwarded-Prefix", "Upgrade", "HTTP2-Settings")
                .forEach(headers::remove);
        // Netty says so of a GET that did not.
        headers.remove("Content-Length", List.of("0"));
        return new LinkedHashMap<>(headers);
    }

    @Test
    void theHostOfTheCallerIsKeptWhereTheRouteSaysSo() {
        assertThat(gateway.get("/host/renamed/1").body()).isEqualTo("v1");

        assertThat(v1.last().path()).isEqualTo("/by-the-rule/1");
        assertThat(v1.last().header("Host")).isEqualTo("127.0.0.1:" + gateway.port());
    }

    @Test
    void aServiceThatTheMeshDoesNotKnowGoesTheWayOfTheApplication() {
        assertThat(gateway.get("/stock/x").body()).isEqualTo("other");

        assertThat(other.last().header("Host")).isEqualTo(other.address());
        assertThat(other.last().header(ATTEMPT_COUNT)).isNull();
    }

    @Test
    void bodiesArriveWithTheirLengthAndInChunks() {
        assertThat(gateway.post("/lb/x", "hello").body()).isEqualTo("v1");
        assertThat(v1.last().body()).isEqualTo("hello");

        HttpResponse<String> chunked = gateway.send(gateway.request("/lb/x")
                .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofString("in chunks")))
                .build());
        assertThat(chunked.body()).isEqualTo("v1");
        assertThat(v1.last().body()).isEqualTo("in chunks");
        assertThat(v1.last().header("Transfer-Encoding")).isEqualTo("chunked");

        assertThat(gateway.send(gateway.request("/lb/x").DELETE().build()).body())
                .isEqualTo("v1");
        assertThat(v1.last().method()).isEqualTo("DELETE");
        assertThat(v1.last().header("Transfer-Encoding")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 304, 302, 404, 418, 500})
    void everyStatusComesBack(int status) {
        v1.handle(exchange -> {
            exchange.getResponseHeaders().set("Location", "http://elsewhere.example/");
            v1.answer(exchange, status, status == 204 || status == 304 ? "" : "body");
        });

        HttpResponse<String> answer = gateway.get("/lb/x");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(status == 204 || status == 304 ? "" : "body");
        assertThat(answer.headers().allValues("Location")).containsExactly("http://elsewhere.example/");
        assertThat(answer.headers().allValues("Via")).containsExactly("v1");
    }

    @Test
    void aHeadRequestTellsTheLength() {
        v1.handle(exchange -> {
            v1.record(exchange);
            exchange.getResponseHeaders().set("Content-Length", "1234");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });

        HttpResponse<String> answer = gateway.send(
                gateway.request("/lb/x").method("HEAD", BodyPublishers.noBody()).build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("1234");
        assertThat(v1.last().method()).isEqualTo("HEAD");
    }

    @Test
    void aServiceThatCannotBeReachedIsA5xx() {
        assertThat(gateway.get("/gone/x").statusCode()).isBetween(500, 504);
    }

    @Test
    void anUploadArrivesWhileItIsSent() throws Exception {
        CountDownLatch firstPieceArrived = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        v1.handle(exchange -> {
            byte[] buffer = new byte[CHUNK];
            try (InputStream in = exchange.getRequestBody()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    received.addAndGet(n);
                    firstPieceArrived.countDown();
                }
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        try (Socket socket =
                gateway.open("POST /lb/upload HTTP/1.1", "Host: gateway", "Content-Length: " + (long) CHUNK * CHUNKS)) {
            OutputStream out = socket.getOutputStream();
            out.write(new byte[CHUNK]);
            out.flush();
            assertThat(Gateway.await(firstPieceArrived)).isTrue();
            for (int i = 1; i < CHUNKS; i++) {
                out.write(new byte[CHUNK]);
            }
            out.flush();
            assertThat(Gateway.head(socket.getInputStream())).startsWith("HTTP/1.1 204");
        }
        assertThat(received).hasValue((long) CHUNK * CHUNKS);
    }

    @Test
    void eventsArriveOneByOne() throws Exception {
        CountDownLatch firstEventRead = new CountDownLatch(1);
        v1.handle(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (Gateway.await(firstEventRead)) {
                    out.write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
                }
            }
        });

        HttpResponse<InputStream> answer =
                gateway.send(gateway.request("/lb/events").build(), HttpResponse.BodyHandlers.ofInputStream());

        try (InputStream in = answer.body()) {
            assertThat(new String(in.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");
            firstEventRead.countDown();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("data: 2\n\n");
        }
    }

    @Test
    void aReaderThatStallsHoldsTheServiceBackAndEndsTheAttemptWhenItBreaksOff() throws Exception {
        AtomicInteger written = new AtomicInteger();
        CountDownLatch writingFailed = new CountDownLatch(1);
        v1.handle(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 1024; i++) {
                    out.write(new byte[CHUNK]);
                    written.incrementAndGet();
                }
            } finally {
                writingFailed.countDown();
            }
        });

        try (Socket socket = gateway.open("GET /lb/download HTTP/1.1", "Host: gateway")) {
            assertThat(Gateway.head(socket.getInputStream())).startsWith("HTTP/1.1 200");
            assertThat(socket.getInputStream().readNBytes(CHUNK)).hasSize(CHUNK);
            awaitStall(written);
            assertThat(written.get()).isLessThan(256);
            assertThat(gateway.running()).isOne();
            socket.setSoLinger(true, 0);
        }

        assertThat(Gateway.await(writingFailed)).isTrue();
        gateway.awaitIdle();
    }

    /** Waits until nothing is written for a while. On a slow machine that is sooner, and less is written. */
    private static void awaitStall(AtomicInteger written) {
        AtomicInteger before = new AtomicInteger(-1);
        Awaitility.await()
                .atMost(Gateway.PATIENCE.multipliedBy(3))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> before.getAndSet(written.get()) == written.get());
    }
}
