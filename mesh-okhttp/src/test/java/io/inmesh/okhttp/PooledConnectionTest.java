package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import mockwebserver3.MockWebServer;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that close connections which the pool still holds. */
class PooledConnectionTest {
    private static final MediaType TEXT = MediaType.get("text/plain");

    @RegisterExtension
    final Backends backends = new Backends();

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT"})
    void whenTheServerClosesEveryIdleConnectionThenNoIdempotentCallFails(String method) throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.answer("ok");
        }));
        ScriptedMesh mesh = toward(server.endpoint());
        OkHttpClient client = backends.client(mesh);

        for (int i = 0; i < 60; i++) {
            assertThat(send(client, method, method.equals("PUT") ? body("x") : null))
                    .isEqualTo("ok");
        }

        assertThat(server.requestCount()).isEqualTo(60);
        assertThat(mesh.outcomes).hasSize(60).containsOnly(new Outcome.Responded(200));
    }

    @Test
    void aPostNeverMeetsAConnectionThatTheServerHasClosed() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.answer("ok");
        }));
        ScriptedMesh mesh = toward(server.endpoint());
        OkHttpClient client = backends.client(mesh);

        for (int i = 0; i < 60; i++) {
            OneShot body = new OneShot();
            assertThat(send(client, "POST", body)).isEqualTo("ok");
            assertThat(body.written).isEqualTo(1);
            server.awaitClosed();
        }

        assertThat(server.requestCount()).isEqualTo(60);
        assertThat(mesh.outcomes).hasSize(60).containsOnly(new Outcome.Responded(200));
    }

    @Test
    void whatNobodyAskedForSpoilsAPooledConnection() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.answer("ok");
            if (connection.index() == 0) {
                connection.write("HTTP/1.1 408 Request Timeout\nContent-Length: 0\n\n");
            } else {
                connection.read();
                connection.answer("again");
            }
        }));
        OkHttpClient client = backends.client(toward(server.endpoint()));

        assertThat(send(client, "POST", body("1"))).isEqualTo("ok");
        server.awaitClosed();
        assertThat(send(client, "POST", body("2"))).isEqualTo("ok");
        assertThat(send(client, "POST", body("3"))).isEqualTo("again");
    }

    @Test
    void whenTheServerClosesInTheMomentOfUseThenAnIdempotentCallIsSentOnceMore() throws Exception {
        RawServer server = backends.closing(closingOnSecondRequest(false));
        ScriptedMesh mesh = toward(server.endpoint());
        OkHttpClient client = backends.client(mesh);

        assertThat(send(client, "GET", null)).isEqualTo("ok");
        assertThat(send(client, "GET", null)).isEqualTo("ok");

        assertThat(server.requests()).hasSize(3).containsOnly("GET / HTTP/1.1");
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(200), new Outcome.Responded(200));
    }

    @Test
    void whenTheServerResetsInTheMomentOfUseThenAnIdempotentCallIsSentOnceMore() throws Exception {
        RawServer server = backends.closing(closingOnSecondRequest(true));
        OkHttpClient client = backends.client(toward(server.endpoint()));

        assertThat(send(client, "DELETE", null)).isEqualTo("ok");
        assertThat(send(client, "PUT", body("x"))).isEqualTo("ok");

        assertThat(server.requests()).containsExactly("DELETE / HTTP/1.1", "PUT / HTTP/1.1 x", "PUT / HTTP/1.1 x");
    }

    @Test
    void whenTheServerClosesInTheMomentOfUseThenAPostFailsAndIsNotSentTwice() throws Exception {
        RawServer server = backends.closing(closingOnSecondRequest(false));
        ScriptedMesh mesh = toward(server.endpoint());
        OkHttpClient client = backends.client(mesh);

        assertThat(send(client, "POST", body("1"))).isEqualTo("ok");
        assertThatThrownBy(() -> send(client, "POST", body("2"))).isInstanceOf(IOException.class);

        assertThat(server.requests()).containsExactly("POST / HTTP/1.1 1", "POST / HTTP/1.1 2");
        assertThat(mesh.outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void whenTheServerClosesInTheMomentOfUseThenAOneShotBodyIsNotSentTwice() throws Exception {
        RawServer server = backends.closing(closingOnSecondRequest(false));
        OkHttpClient client = backends.client(toward(server.endpoint()));
        OneShot body = new OneShot();

        assertThat(send(client, "GET", null)).isEqualTo("ok");
        assertThatThrownBy(() -> send(client, "PUT", body)).isInstanceOf(IOException.class);

        assertThat(body.written).isEqualTo(1);
        assertThat(server.requestCount()).isEqualTo(2);
    }

    @Test
    void aNewConnectionThatBreaksIsNotTriedAgain() throws Exception {
        RawServer server = backends.closing(new RawServer(RawServer.Connection::read));
        ScriptedMesh mesh = toward(server.endpoint());

        assertThatThrownBy(() -> send(backends.client(mesh), "GET", null)).isInstanceOf(IOException.class);

        assertThat(server.requestCount()).isEqualTo(1);
        assertThat(mesh.outcomes).hasSize(1).first().isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void anAnswerThatIsNoHttpIsNotAskedForAgain() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.answer("ok");
            connection.read();
            connection.write("nonsense\n\n");
        }));
        OkHttpClient client = backends.client(toward(server.endpoint()));

        assertThat(send(client, "GET", null)).isEqualTo("ok");
        assertThatThrownBy(() -> send(client, "GET", null)).isInstanceOf(ProtocolException.class);
        assertThat(server.requestCount()).isEqualTo(2);
    }

    @Test
    void aPoolFullOfConnectionsThatDieUnnoticedFailsNoIdempotentCall() throws Exception {
        int connections = 8;
        CyclicBarrier allIn = new CyclicBarrier(connections);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            if (connection.index() < connections) {
                await(allIn);
            }
            connection.answer("ok");
        }));
        OkHttpClient client = backends.builder(toward(server.endpoint()))
                .socketFactory(new PlainSockets())
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        backends.closing(threads::shutdownNow);
        Callable<String> call = () -> send(client, "GET", null);
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            calls.add(threads.submit(call));
        }
        for (Future<String> done : calls) {
            assertThat(done.get(10, TimeUnit.SECONDS)).isEqualTo("ok");
        }
        for (int i = 0; i < connections; i++) {
            server.awaitClosed();
        }

        assertThat(client.connectionPool().idleConnectionCount()).isGreaterThan(4);
        assertThat(call.call()).isEqualTo("ok");
    }

    @Test
    void whenATlsServerClosesIdleConnectionsThenNoCallFails() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("reviews")
                .build();
        HandshakeCertificates server =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        RawServer raw = backends.closing(new RawServer(connection -> {
            SSLSocket tls = (SSLSocket) server.sslSocketFactory().createSocket(connection.socket(), null, -1, true);
            tls.setUseClientMode(false);
            byte[] request = new byte[65536];
            assertThat(tls.getInputStream().read(request)).isPositive();
            tls.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.UTF_8));
            tls.close();
        }));
        ScriptedMesh mesh = toward(raw.endpoint());
        OkHttpClient client = backends.builder(mesh)
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .build();

        for (int i = 0; i < 20; i++) {
            Request request = new Request.Builder()
                    .url("https://reviews/")
                    .post(new OneShot())
                    .build();
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.body().string()).isEqualTo("ok");
            }
            raw.awaitClosed();
        }
        assertThat(mesh.outcomes).hasSize(20).containsOnly(new Outcome.Responded(200));
    }

    @Test
    void aPlainTlsConnectionIsReused() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("reviews")
                .build();
        MockWebServer server = backends.prepare("tls", Protocol.HTTP_1_1);
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory());
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        OkHttpClient client = backends.builder(toward(Backends.endpoint(server)))
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .build();

        for (int i = 0; i < 5; i++) {
            Request request = new Request.Builder()
                    .url("https://reviews/")
                    .post(body("x"))
                    .build();
            client.newCall(request).execute().close();
            assertThat(Backends.take(server).getConnectionIndex()).isZero();
        }
    }

    private static RawServer closingOnSecondRequest(boolean reset) throws IOException {
        return new RawServer(connection -> {
            connection.read();
            connection.answer("ok");
            if (connection.index() == 0 && connection.read() != null && reset) {
                connection.reset();
            }
        });
    }

    private static ScriptedMesh toward(Endpoint endpoint) {
        return new ScriptedMesh(head -> Plan.to(endpoint));
    }

    private static RequestBody body(String text) {
        return RequestBody.create(text, TEXT);
    }

    private static String send(OkHttpClient client, String method, RequestBody body) throws IOException {
        Request request = new Request.Builder()
                .url("http://reviews/")
                .method(method, body)
                .build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final class OneShot extends RequestBody {
        private int written;

        @Override
        public MediaType contentType() {
            return TEXT;
        }

        @Override
        public long contentLength() {
            return 4;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            written++;
            sink.writeUtf8("once");
        }
    }
}
