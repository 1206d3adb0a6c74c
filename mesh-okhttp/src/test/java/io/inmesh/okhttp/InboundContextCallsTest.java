package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on behalf of requests that came in, from whatever thread they are made. */
class InboundContextCallsTest {
    private static final InboundContext JASON = user("jason");
    private static final InboundContext ANNA = user("anna");

    private final MockWebServer server = new MockWebServer();
    private Mesh mesh;
    private OkHttpClient client;

    private static InboundContext user(String name) {
        return InboundContext.builder().header("end-user", name).build();
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
        mesh = Mesh.builder()
                .config(TextConfigSource.of("rules", """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: reviews}
                        spec:
                          hosts: [reviews.default.svc.cluster.local]
                          resolution: STATIC
                          ports: [{number: 80, name: http, protocol: HTTP}]
                          endpoints: [{address: 127.0.0.1, ports: {http: %1$d}}]
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: outside}
                        spec:
                          hosts: [api.example.com]
                          resolution: STATIC
                          ports: [{number: 80, name: http, protocol: HTTP}]
                          endpoints: [{address: 127.0.0.1, ports: {http: %1$d}}]
                        """.formatted(server.getPort())))
                .build();
        client = MeshOkHttp.builder(mesh).build();
    }

    @AfterEach
    void stop() {
        close(client);
        mesh.close();
        server.close();
    }

    private static void close(OkHttpClient client) {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private static <T> T in(InboundContext context, Callable<T> work) throws Exception {
        try (Scope scope = context.open()) {
            return work.call();
        }
    }

    private static Request.Builder get(String url) {
        return new Request.Builder().url(url);
    }

    private static Call call(OkHttpClient client) {
        return client.newCall(get("http://reviews/").build());
    }

    private static CompletableFuture<Integer> enqueue(Call call) {
        CompletableFuture<Integer> answered = new CompletableFuture<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                answered.completeExceptionally(e);
            }

            @Override
            public void onResponse(Call done, Response response) {
                response.close();
                answered.complete(response.code());
            }
        });
        return answered;
    }

    private @Nullable String userThatCame() throws InterruptedException {
        RecordedRequest request = server.takeRequest();
        return request.getHeaders().get("end-user");
    }

    private MockResponse ok() {
        return new MockResponse.Builder().build();
    }

    @Test
    void anExecutedCallCarriesWhatIsCurrent() throws Exception {
        server.enqueue(ok());
        server.enqueue(ok());
        in(JASON, () -> call(client).execute()).close();
        assertThat(userThatCame()).isEqualTo("jason");
        call(client).execute().close();
        assertThat(userThatCame()).isNull();
    }

    @Test
    void anEnqueuedCallCarriesWhatIsCurrentWhereItIsEnqueued() throws Exception {
        server.enqueue(ok());
        server.enqueue(ok());
        Call made = in(ANNA, () -> call(client));
        in(JASON, () -> enqueue(made)).get();
        assertThat(userThatCame()).isEqualTo("jason");
        enqueue(call(client)).get();
        assertThat(userThatCame()).isNull();
    }

    /** With one call at a time, the end of a call starts the next on a thread where something else is current. */
    @Test
    void aCallThatHasToWaitKeepsItsOwn() throws Exception {
        Dispatcher one = new Dispatcher();
        one.setMaxRequests(1);
        OkHttpClient waiting = client.newBuilder().dispatcher(one).build();
        try {
            for (int i = 0; i < 3; i++) {
                server.enqueue(ok());
            }
            CompletableFuture<Integer> first = in(JASON, () -> enqueue(call(waiting)));
            CompletableFuture<Integer> second = in(ANNA, () -> enqueue(call(waiting)));
            CompletableFuture<Integer> third = enqueue(call(waiting));
            CompletableFuture.allOf(first, second, third).get();
            assertThat(userThatCame()).isEqualTo("jason");
            assertThat(userThatCame()).isEqualTo("anna");
            assertThat(userThatCame()).isNull();
        } finally {
            close(waiting);
        }
    }

    @Test
    void listenersOfAClientAreToldAsEver() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        EventListener own = new EventListener() {
            @Override
            public void callStart(Call call) {
                starts.incrementAndGet();
            }
        };
        OkHttpClient listening = client.newBuilder()
                .eventListenerFactory(MeshOkHttp.eventListeners(call -> own))
                .build();
        server.enqueue(ok());
        in(JASON, () -> enqueue(call(listening))).get();
        assertThat(userThatCame()).isEqualTo("jason");
        assertThat(starts).hasValue(1);
    }

    @Test
    void aTagSaysOnWhoseBehalf() throws Exception {
        server.enqueue(ok());
        Request tagged = get("http://reviews/").tag(InboundContext.class, ANNA).build();
        in(JASON, () -> enqueue(client.newCall(tagged))).get();
        assertThat(userThatCame()).isEqualTo("anna");
    }

    @Test
    void whatTheCallerSetsStaysAndHostsOutsideGetNothing() throws Exception {
        server.enqueue(ok());
        server.enqueue(ok());
        server.enqueue(ok());
        in(
                        JASON,
                        () -> client.newCall(get("http://reviews/")
                                        .header("End-User", "own")
                                        .build())
                                .execute())
                .close();
        assertThat(userThatCame()).isEqualTo("own");
        in(JASON, () -> client.newCall(get("http://api.example.com/").build()).execute())
                .close();
        assertThat(userThatCame()).isNull();
        in(
                        JASON,
                        () -> client.newCall(get("http://127.0.0.1:" + server.getPort())
                                        .build())
                                .execute())
                .close();
        assertThat(userThatCame()).isNull();
    }

    @Test
    void aFollowedRedirectLeadsOutWithoutIt() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .code(302)
                .setHeader("Location", "http://api.example.com/")
                .build());
        server.enqueue(ok());
        in(JASON, () -> call(client).execute()).close();
        assertThat(userThatCame()).isEqualTo("jason");
        assertThat(userThatCame()).isNull();
    }

    @Test
    void withNoTimeLeftNothingIsSent() {
        InboundContext late =
                JASON.toBuilder().deadlineNanos(System.nanoTime() - 1).build();
        MeshException failure = catchThrowableOfType(
                MeshException.class, () -> in(late, () -> call(client).execute()));
        assertThat(failure.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(server.getRequestCount()).isZero();
    }
}
