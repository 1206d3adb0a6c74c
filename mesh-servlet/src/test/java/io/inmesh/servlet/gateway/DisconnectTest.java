package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that goes away ends the call that is made for it, wherever that can be noticed. */
class DisconnectTest extends GatewayFixture {
    private static final String HOST = "Host: shop.example\r\n";

    private static void reset(RawConnection connection) throws IOException {
        connection.socket().setSoLinger(true, 0);
        connection.close();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void whileItSendsTheBody(ContainerKind kind) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.head();
            connection.read();
            begun.countDown();
            while (connection.read() >= 0) {}
            ended.countDown();
        }));
        ServletContainer gateway = gateway(kind, upstream);
        RawConnection connection = gateway.connect();
        connection.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\nabc");
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        reset(connection);

        assertThat(ended.await(10, TimeUnit.SECONDS))
                .as("the server sees the end")
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void whileItIsSentTheAnswer(ContainerKind kind) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            begun.countDown();
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    connection.send("4\r\nmore\r\n");
                }
            } finally {
                ended.countDown();
            }
        }));
        ServletContainer gateway = gateway(kind, upstream);
        RawConnection connection = gateway.connect();
        connection.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        reset(connection);

        assertThat(ended.await(20, TimeUnit.SECONDS))
                .as("the server cannot write")
                .isTrue();
        assertThat(gateway(kind, closing(Upstream.ok()))
                        .exchange("GET / HTTP/1.1\r\n" + HOST + "\r\n")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void whileTheServerIsSilent(ContainerKind kind) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            while (connection.request()) {
                begun.countDown();
                answer.await();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                answered.countDown();
            }
        }));
        ServletContainer gateway = gateway(kind, upstream, settings -> settings.maxCalls(1));
        RawConnection connection = gateway.connect();
        connection.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        reset(connection);

        // Nobody looks at the client's connection until the server says something; then the call is over.
        answer.countDown();
        assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
        int status = 503;
        for (int i = 0; i < 1000 && status == 503; i++) {
            status = gateway.exchange("GET / HTTP/1.1\r\n" + HOST + "\r\n").status();
        }
        assertThat(status).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void whileTheServerIsSilentAndTheRouteHasATimeout(ContainerKind kind) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.request();
            gone.await();
            while (connection.read() >= 0) {}
            ended.countDown();
        }));
        ServletContainer gateway = gateway(kind.container(), upstream.port(), "timeout: 0.2s", settings -> {});
        RawConnection connection = gateway.connect();
        connection.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
        upstream.take();

        reset(connection);
        gone.countDown();

        assertThat(ended.await(10, TimeUnit.SECONDS)).as("the call is over").isTrue();
    }
}
