package io.inmesh.jmh.call;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.okhttp.MeshInterceptor;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the mesh adds to a call without its sockets: an interceptor behind it answers in place of the network. The
 * difference of the two is all of InMesh but {@code EndpointSocket} and the events of a connection.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class InterceptorBenchmark {
    private static final int ANY_PORT = 9;
    private static final byte[] BODY = new byte[1 << 10];
    private static final Headers HEADERS =
            Headers.of("Content-Type", "text/plain", "Content-Length", "1024", "Date", "Sat, 28 Nov 2026 17:00:00 GMT");

    @Param({"H1", "H2"})
    private String protocol = "H1";

    private final Request request = Client.request("answers", Scenario.Body.GET_1K);
    private @Nullable Mesh mesh;
    private @Nullable OkHttpClient bare;
    private @Nullable OkHttpClient meshed;

    /** Sets up. */
    @Setup
    public void setUp() {
        Interceptor answer = chain -> new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .headers(HEADERS)
                .body(ResponseBody.create(BODY, null))
                .build();
        Scenario scenario = new Scenario(Scenario.Protocol.valueOf(protocol), Scenario.Body.GET_1K, 1, 1, true);
        mesh = Mesh.builder()
                .config(TextConfigSource.of("benchmark.yaml", Client.rules(scenario, List.of(ANY_PORT))))
                .build();
        bare = new OkHttpClient.Builder().addInterceptor(answer).build();
        meshed = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(mesh))
                .addInterceptor(answer)
                .build();
    }

    /** Ends the mesh's threads. */
    @TearDown
    public void tearDown() {
        Objects.requireNonNull(mesh).close();
    }

    /** OkHttp alone. */
    @Benchmark
    public long bare() throws IOException {
        return read(Objects.requireNonNull(bare));
    }

    /** Through the mesh. */
    @Benchmark
    public long meshed() throws IOException {
        return read(Objects.requireNonNull(meshed));
    }

    private long read(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().source().readAll(Okio.blackhole());
        }
    }
}
