package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownServiceException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import mockwebserver3.MockWebServer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionSpec;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attempts that end without an answer: never sent, failed, canceled. */
class FailureTest {
    @RegisterExtension
    final Backends backends = new Backends();

    @Test
    void aRefusedConnectionWasNeverSent() {
        var nobody = backends.nobody();
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(nobody));

        assertThatThrownBy(() -> get(mesh, "http://reviews/")).isInstanceOf(ConnectException.class);

        assertNeverSent(mesh, ResponseFlag.UF);
    }

    @Test
    void aConnectionThatIsNotAcceptedInTimeWasNeverSent() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket first = new Socket();
                Socket second = new Socket()) {
            first.connect(full.getLocalSocketAddress());
            second.connect(full.getLocalSocketAddress());
            ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint("127.0.0.1", full.getLocalPort())));
            OkHttpClient client = backends.builder(mesh)
                    .connectTimeout(200, TimeUnit.MILLISECONDS)
                    .build();

            assertThatThrownBy(() -> get(client, "http://reviews/")).isInstanceOf(SocketTimeoutException.class);

            assertNeverSent(mesh, ResponseFlag.UF);
        }
    }

    @Test
    void anEndpointThatHasNoAddressWasNeverSent() {
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint("no-such-name.invalid", 80)));

        assertThatThrownBy(() -> get(mesh, "http://reviews/")).isInstanceOf(java.net.UnknownHostException.class);

        assertNeverSent(mesh, ResponseFlag.DF);
    }

    @Test
    void aServerThatDoesNotSpeakTlsWasNeverSent() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.write("not TLS at all\n\n");
            // Closed before the client's hello was read, the connection would be reset.
            connection.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));

        assertThatThrownBy(() -> get(mesh, "https://reviews/")).isInstanceOf(SSLException.class);

        assertNeverSent(mesh, ResponseFlag.UF);
    }

    @Test
    void aConnectionThatEndsWithoutAnswerHasFailed() throws Exception {
        RawServer server = backends.closing(new RawServer(RawServer.Connection::read));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint(), server.endpoint()));

        assertThatThrownBy(() -> get(mesh, "http://reviews/"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unexpected end of stream");

        assertFailed(mesh, ResponseFlag.UC);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsResetHasFailed() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.reset();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint(), server.endpoint()));

        assertThatThrownBy(() -> get(mesh, "http://reviews/")).isInstanceOf(IOException.class);

        assertFailed(mesh, ResponseFlag.UC);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void theClientsReadTimeoutIsAFailureOfTheAttempt() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            arrived.countDown();
            over.await();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));
        OkHttpClient client =
                backends.builder(mesh).readTimeout(100, TimeUnit.MILLISECONDS).build();

        assertThatThrownBy(() -> get(client, "http://reviews/")).isInstanceOf(SocketTimeoutException.class);
        // The server may come to read the request only when the client has given up.
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        over.countDown();

        assertFailed(mesh, ResponseFlag.DC);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void aFailureOfAnotherInterceptorIsNotTakenForTheServers() {
        var nobody = backends.nobody();
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(nobody, nobody));
        OkHttpClient client = backends.builder(mesh)
                .addInterceptor(chain -> {
                    throw new IOException("no token");
                })
                .build();

        assertThatThrownBy(() -> get(client, "http://reviews/")).hasMessage("no token");

        assertThat(mesh.outcomes).singleElement().isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void aClientThatRefusesClearTextIsNotTakenForADeadServer() {
        MockWebServer server = backends.start("ok");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server), endpoint(server)));
        OkHttpClient client = backends.builder(mesh)
                .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                .build();

        assertThatThrownBy(() -> get(client, "http://192.0.2.7/")).isInstanceOf(UnknownServiceException.class);

        assertThat(mesh.outcomes).singleElement().isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void cancelingBeforeTheCallIsCanceled() {
        MockWebServer server = backends.start("ok");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server), endpoint(server)));
        Call call = backends.client(mesh)
                .newCall(new Request.Builder().url("http://reviews/").build());
        call.cancel();

        assertThatThrownBy(call::execute).isInstanceOf(IOException.class).hasMessage("Canceled");

        assertThat(mesh.outcomes).containsExactly(new Outcome.Canceled());
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void cancelingWhileWaitingForTheAnswerIsCanceled() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            arrived.countDown();
            over.await();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint(), server.endpoint()));
        Call call = backends.client(mesh)
                .newCall(new Request.Builder().url("http://reviews/").build());
        BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                failures.add(e);
            }

            @Override
            public void onResponse(Call answered, Response response) {
                response.close();
            }
        });

        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(mesh.latest.canceled()).isFalse();
        call.cancel();

        assertThat(failures.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(mesh.latest.canceled()).isTrue();
        assertThat(mesh.outcomes).containsExactly(new Outcome.Canceled());
        assertThat(server.requestCount()).isEqualTo(1);
        over.countDown();
    }

    @Test
    void theClientsCallTimeoutIsACanceling() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            over.await();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint(), server.endpoint()));
        OkHttpClient client =
                backends.builder(mesh).callTimeout(200, TimeUnit.MILLISECONDS).build();

        assertThatThrownBy(() -> get(client, "http://reviews/"))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("timeout");
        over.countDown();

        assertThat(mesh.outcomes).containsExactly(new Outcome.Canceled());
    }

    @Test
    void aThreadThatIsInterruptedHasCanceled() {
        MockWebServer server = backends.start("ok");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server), endpoint(server)));
        OkHttpClient client = backends.client(mesh);

        Thread.currentThread().interrupt();
        Throwable failure = catchThrowable(() -> get(client, "http://reviews/"));
        boolean stillInterrupted = Thread.interrupted();

        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(stillInterrupted).isTrue();
        assertThat(mesh.outcomes).doesNotHaveAnyElementsOfTypes(Outcome.Responded.class);
    }

    @Test
    void aOneShotBodyThatWasNotTouchedGoesToTheNextEndpoint() throws Exception {
        MockWebServer server = backends.start("ok");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(backends.nobody(), endpoint(server)));
        int[] written = new int[1];
        RequestBody body = new RequestBody() {
            @Override
            public MediaType contentType() {
                return null;
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                written[0]++;
                sink.writeUtf8("once");
            }
        };
        Request request =
                new Request.Builder().url("http://reviews/").post(body).build();

        try (Response response = backends.client(mesh).newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo("ok");
        }
        assertThat(mesh.latest.replayable()).isFalse();
        assertThat(written[0]).isEqualTo(1);
        assertThat(Backends.take(server).getBody().utf8()).isEqualTo("once");
    }

    private static void assertNeverSent(ScriptedMesh mesh, ResponseFlag flag) {
        assertThat(mesh.outcomes).singleElement().isInstanceOfSatisfying(Outcome.NeverSent.class, never -> {
            assertThat(never.flag()).isEqualTo(flag);
            assertThat(never.reason()).isNotEmpty();
        });
    }

    private static void assertFailed(ScriptedMesh mesh, ResponseFlag flag) {
        assertThat(mesh.outcomes).singleElement().isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.flag()).isEqualTo(flag);
            assertThat(failed.reason()).isNotEmpty();
        });
    }

    private String get(ScriptedMesh mesh, String url) throws IOException {
        return get(backends.client(mesh), url);
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        try (Response response =
                client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.body().string();
        }
    }
}
