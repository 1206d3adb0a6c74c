package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that speak HTTP/2 to the container. */
class Http2InboundTest extends GatewayFixture {
    private OkHttpClient client() {
        OkHttpClient client = new OkHttpClient.Builder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
        closing(() -> {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        });
        return client;
    }

    private ServletContainer http2(ContainerKind kind, Upstream upstream) throws Exception {
        return gateway(kind.container().http2(), upstream.port(), "", settings -> {});
    }

    private static Request.Builder request(ServletContainer gateway) {
        return new Request.Builder()
                .url("http://127.0.0.1:" + gateway.port() + "/a?b='c'")
                .header("Host", "shop.example");
    }

    private static RequestBody streamed(String text) {
        return new RequestBody() {
            @Override
            public okhttp3.@Nullable MediaType contentType() {
                return null;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8(text);
            }
        };
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void sendsRequestsOn(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = http2(kind, upstream);
        OkHttpClient client = client();
        for (String method : new String[] {"GET", "DELETE", "OPTIONS", "POST", "PUT"}) {
            boolean body = method.startsWith("P");
            try (Response response = client.newCall(request(gateway)
                            .method(method, body ? streamed("body") : null)
                            .build())
                    .execute()) {
                assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
                assertThat(response.body().string()).as(method).isEqualTo("ok");
            }
            Upstream.Received received = upstream.take();
            assertThat(received.line()).startsWith(method + " /a?b=").endsWith("c%27 HTTP/1.1");
            assertThat(received.header("host")).isEqualTo("shop.example");
            assertThat(received.text()).isEqualTo(body ? "body" : "");
            assertThat(received.header("transfer-encoding")).isEqualTo(body ? "chunked" : "");
            assertThat(received.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        }
        try (Response unknown = client.newCall(
                        request(gateway).header("Host", "unknown").build())
                .execute()) {
            assertThat(unknown.code()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void passesEventsOnAtOnceAndFieldsBehindThem(ContainerKind kind) throws Exception {
        LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: grpc-status\r\n\r\n");
            for (String event = events.take(); !event.isEmpty(); event = events.take()) {
                connection.send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
            }
            connection.send("0\r\ngrpc-status: 0\r\n\r\n");
        }));
        ServletContainer gateway = http2(kind, upstream);
        try (Response response = client().newCall(
                        request(gateway).header("TE", "trailers").build())
                .execute()) {
            for (String event : new String[] {"one\n", "two\n"}) {
                events.add(event);
                assertThat(response.body().source().readUtf8Line() + "\n").isEqualTo(event);
            }
            events.add("");
            assertThat(response.body().string()).isEmpty();
            assertThat(response.trailers().get("grpc-status")).isEqualTo("0");
        }
        assertThat(upstream.take().header("te")).isEqualTo("trailers");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void sendsFieldsBehindABodyWhereTheyAreTaken(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.answering(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"));
        ServletContainer gateway = gateway(kind, upstream);

        RawAnswer taken = gateway.exchange("GET / HTTP/1.1\r\nHost: shop.example\r\nTE: trailers\r\n\r\n");
        assertThat(taken.body()).isEqualTo("ok");
        assertThat(taken.trailerLines()).hasSize(1);
        assertThat(taken.trailerLines().get(0)).isEqualToIgnoringCase("x-sum: 1");

        assertThat(gateway.exchange("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                        .trailerLines())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void endsTheCallOfAStreamThatIsReset(ContainerKind kind) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    connection.send("4\r\nmore\r\n");
                }
            } finally {
                ended.countDown();
            }
        }));
        ServletContainer gateway = http2(kind, upstream);
        okhttp3.Call call = client().newCall(request(gateway).build());
        Response response = call.execute();
        assertThat(response.body().source().readUtf8(4)).isEqualTo("more");

        response.close();

        assertThat(ended.await(20, TimeUnit.SECONDS))
                .as("the server cannot write")
                .isTrue();
    }
}
