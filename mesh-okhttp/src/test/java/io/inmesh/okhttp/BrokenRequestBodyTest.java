package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockWebServer;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests that fail while they are sent: whose failure it is. */
class BrokenRequestBodyTest {
    @RegisterExtension
    final Backends backends = new Backends();

    /** The body is asked once, on a new connection and on one of the pool, where a dead one would be met again. */
    @ParameterizedTest
    @CsvSource({"0, POST, false", "0, PUT, true", "300000, POST, false", "300000, PUT, true"})
    void aBodyThatCannotBeReadIsTheCallersFailure(int sentBefore, String method, boolean pooled) throws IOException {
        MockWebServer server = backends.start("ok");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server), endpoint(server)));
        OkHttpClient client = backends.client(mesh);
        if (pooled) {
            client.newCall(new Request.Builder().url("http://reviews/").build())
                    .execute()
                    .close();
            mesh.outcomes.clear();
        }
        AtomicInteger asked = new AtomicInteger();

        IOException failure = failureOf(client, method, sink -> {
            asked.incrementAndGet();
            sink.write(new byte[sentBefore]);
            sink.flush();
            throw new IOException("disk gone");
        });

        assertThat(failure).hasMessage("disk gone");
        assertThat(asked).hasValue(1);
        assertFailed(mesh, ResponseFlag.LR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aBodyOfAnotherLengthThanItSaysIsTheCallersFailure(int length) {
        MockWebServer server = backends.start("ok");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server), endpoint(server)));

        assertThat(failureOf(backends.client(mesh), "PUT", 2, sink -> sink.write(new byte[length])))
                .isInstanceOf(ProtocolException.class);

        assertFailed(mesh, ResponseFlag.LR);
    }

    /** As one that logs bodies does. */
    @Test
    void aBodyThatANetworkInterceptorCannotReadIsTheCallersFailure() {
        MockWebServer server = backends.start("ok");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server), endpoint(server)));
        OkHttpClient client = backends.builder(mesh)
                .addNetworkInterceptor(chain -> {
                    chain.request().body().writeTo(new Buffer());
                    return chain.proceed(chain.request());
                })
                .build();

        assertThat(failureOf(client, "PUT", sink -> {
                    throw new IOException("disk gone");
                }))
                .hasMessage("disk gone");

        assertFailed(mesh, ResponseFlag.LR);
    }

    @Test
    void aBodyWhoseConnectionBreaksIsTheServersFailure() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.reset();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint(), server.endpoint()));

        assertThat(failureOf(backends.client(mesh), "PUT", sink -> {
                    for (int i = 0; i < 10_000; i++) {
                        sink.write(new byte[8192]).flush();
                    }
                }))
                .isNotNull();

        assertFailed(mesh, ResponseFlag.UC);
    }

    private static IOException failureOf(OkHttpClient client, String method, Bytes bytes) {
        return failureOf(client, method, -1, bytes);
    }

    private static IOException failureOf(OkHttpClient client, String method, long length, Bytes bytes) {
        RequestBody body = new RequestBody() {
            @Override
            public MediaType contentType() {
                return null;
            }

            @Override
            public long contentLength() {
                return length;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                bytes.writeTo(sink);
            }
        };
        Request request = new Request.Builder()
                .url("http://reviews/")
                .method(method, body)
                .build();
        return catchThrowableOfType(
                IOException.class, () -> client.newCall(request).execute().close());
    }

    private interface Bytes {
        void writeTo(BufferedSink sink) throws IOException;
    }

    private static void assertFailed(ScriptedMesh mesh, ResponseFlag flag) {
        assertThat(mesh.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.flag()).isEqualTo(flag));
    }
}
