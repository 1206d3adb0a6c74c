package io.inmesh.servlet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.inbound.InboundContext;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ContainerSettings;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a call of an application carries of the request that it is made for, on every thread of that request. */
class PropagationTest {
    private static final String KINDS_OF_THREADS = "io.inmesh.servlet.testing.ContainerKind#withEachKindOfThreads";

    private static SecondHop second;
    private static ExecutorService workers;
    private static ExecutorService carrying;

    private final BlockingQueue<String> calledAtTheEnd = new LinkedBlockingQueue<>();

    /** What was current where nothing may be. */
    private final ConcurrentLinkedQueue<Object> leaked = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        second = new SecondHop();
        workers = Executors.newFixedThreadPool(2);
        carrying = InboundContext.propagating(workers);
    }

    @AfterAll
    static void stop() {
        workers.shutdown();
        second.close();
    }

    /** An application that calls the second hop in every way, with the filter before all but {@code /bare}. */
    private ContainerSettings application(ContainerKind kind) {
        MeshServletFilter filter =
                MeshServletFilter.builder().propagate("end-user").build();
        return kind.container()
                .filter("/mesh/*", filter)
                .handler("/mesh/*", this::serve)
                .handler("/bare", (request, response) -> {
                    noteLeak();
                    response.getOutputStream().print("bare");
                })
                .errorPage(409, "/mesh/error");
    }

    private void noteLeak() {
        InboundContext current = InboundContext.current();
        if (current != null) {
            leaked.add(current);
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        switch (request.getPathInfo()) {
            case "/id" ->
                response.getOutputStream()
                        .print(Collections.list(request.getHeaders("X-Request-ID")) + "\n"
                                + Collections.list(request.getHeaderNames()) + "\n" + second.call());
            case "/forward" -> request.getRequestDispatcher("/mesh/sync").forward(request, response);
            case "/fail" -> response.sendError(409);
            case "/start" -> {
                AsyncContext async = request.startAsync();
                async.start(() -> {
                    print(async, second.call());
                    async.complete();
                });
            }
            case "/start-with" -> {
                AsyncContext async = request.startAsync(request, response);
                assertThat(request.getAsyncContext()).isSameAs(async);
                async.start(() -> {
                    print(async, second.call());
                    async.complete();
                });
            }
            case "/dispatch" -> {
                if (request.getDispatcherType() == DispatcherType.ASYNC) {
                    response.getOutputStream().print(second.call());
                } else {
                    AsyncContext async = request.startAsync(request, response);
                    workers.execute(async::dispatch);
                }
            }
            case "/executor" -> {
                AsyncContext async = request.startAsync();
                carrying.execute(() -> {
                    print(async, second.call());
                    async.complete();
                });
            }
            case "/enqueue" -> {
                AsyncContext async = request.startAsync();
                second.client().newCall(SecondHop.request()).enqueue(new Callback() {
                    @Override
                    public void onFailure(Call call, IOException e) {
                        print(async, e.toString());
                        async.complete();
                    }

                    @Override
                    public void onResponse(Call call, Response answer) throws IOException {
                        print(async, answer.body().string());
                        async.complete();
                    }
                });
            }
            case "/listener" -> {
                AsyncContext async = request.startAsync();
                async.addListener(new CallAtTheEnd());
                workers.execute(async::complete);
            }
            default -> response.getOutputStream().print(second.call());
        }
    }

    private static void print(AsyncContext async, String text) {
        try {
            async.getResponse().getOutputStream().print(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls when there is nobody to answer any more. */
    private final class CallAtTheEnd implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            calledAtTheEnd.add(second.call());
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void carriesHeadersByWhichRequestsAreTracedAndThoseThatWereNamed(ContainerKind kind) throws Exception {
        try (ServletContainer container = application(kind).start()) {
            RawAnswer answer = container.get(
                    "/mesh/sync",
                    "X-Request-Id: 42",
                    "traceparent: 00-1-2-01",
                    "tracestate: a=1",
                    "tracestate: b=2",
                    "b3: 0",
                    "X-B3-TraceId: t",
                    "X-B3-SpanId: s",
                    "X-B3-ParentSpanId: p",
                    "X-B3-Sampled: 1",
                    "X-B3-Flags: 0",
                    "x-ot-span-context: o",
                    "grpc-trace-bin: AAAA",
                    "baggage: tenant=\u00c3\u00a4",
                    "End-User: jason",
                    "Authorization: Bearer secret",
                    "Cookie: session=secret",
                    "x-envoy-expected-rq-timeout-ms: 1");

            assertThat(SecondHop.lines(answer))
                    .containsExactly(
                            "b3: 0",
                            "baggage: tenant=\u00e4",
                            "end-user: jason",
                            "grpc-trace-bin: AAAA",
                            "traceparent: 00-1-2-01",
                            "tracestate: a=1",
                            "tracestate: b=2",
                            "x-b3-flags: 0",
                            "x-b3-parentspanid: p",
                            "x-b3-sampled: 1",
                            "x-b3-spanid: s",
                            "x-b3-traceid: t",
                            "x-ot-span-context: o",
                            "x-request-id: 42");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void makesAnIdThatTheApplicationSees(ContainerKind kind) throws Exception {
        try (ServletContainer container = application(kind).start()) {
            List<String> made = new ArrayList<>();
            for (String[] told : new String[][] {
                {},
                {"x-request-id:"},
                {"x-request-id: a b"},
                {"x-request-id: " + "a".repeat(129)},
                {"x-request-id: a", "x-request-id: b"}
            }) {
                List<String> seen = SecondHop.lines(container.get("/mesh/id", told));
                String id = seen.get(0).substring(1, seen.get(0).length() - 1);
                assertThat(UUID.fromString(id)).hasToString(id);
                assertThat(seen.get(1)).containsOnlyOnce("x-request-id").doesNotContainIgnoringCase("x-request-id, x");
                assertThat(seen.get(2)).isEqualTo("x-request-id: " + id);
                made.add(id);
            }
            assertThat(made).doesNotHaveDuplicates();

            List<String> kept = SecondHop.lines(container.get("/mesh/id", "X-Request-Id: " + "a".repeat(128)));
            assertThat(kept.get(0)).isEqualTo("[" + "a".repeat(128) + "]");
            assertThat(kept.get(2)).isEqualTo("x-request-id: " + "a".repeat(128));
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS_OF_THREADS)
    void everyThreadOfARequestCarriesIt(ContainerKind kind, boolean virtualThreads) throws Exception {
        try (ServletContainer container =
                application(kind).virtualThreads(virtualThreads).start()) {
            for (String path : List.of(
                    "/sync", "/forward", "/fail", "/start", "/start-with", "/dispatch", "/executor", "/enqueue")) {
                RawAnswer answer = container.get("/mesh" + path, "x-request-id: id" + path, "end-user: user" + path);
                assertThat(SecondHop.lines(answer))
                        .as(path)
                        .containsExactly("end-user: user" + path, "x-request-id: id" + path);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS_OF_THREADS)
    void whoeverHearsOfTheEndCarriesItToo(ContainerKind kind, boolean virtualThreads) throws Exception {
        try (ServletContainer container =
                application(kind).virtualThreads(virtualThreads).start()) {
            container.get("/mesh/listener", "x-request-id: 42", "end-user: jason");

            assertThat(calledAtTheEnd.poll(20, TimeUnit.SECONDS)).isEqualTo("end-user: jason\nx-request-id: 42\n");
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS_OF_THREADS)
    void nothingOfARequestIsLeftToTheNext(ContainerKind kind, boolean virtualThreads) throws Exception {
        List<String> paths = List.of("/sync", "/start", "/dispatch", "/executor", "/enqueue", "/fail");
        try (ServletContainer container =
                application(kind).threads(8).virtualThreads(virtualThreads).start()) {
            ExecutorService clients = Executors.newFixedThreadPool(6);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (int client = 0; client < 6; client++) {
                    int number = client;
                    all.add(clients.submit(() -> {
                        try (RawConnection connection = container.connect()) {
                            for (int i = 0; i < 40; i++) {
                                String path = paths.get((number + i) % paths.size());
                                String id = number + "-" + i;
                                boolean user = i % 2 == 0;
                                connection.send("GET /mesh" + path + " HTTP/1.1\r\nHost: a\r\nx-request-id: " + id
                                        + "\r\n" + (user ? "end-user: u" + id + "\r\n" : "") + "\r\n");
                                assertThat(SecondHop.lines(connection.read()))
                                        .containsExactlyElementsOf(
                                                user
                                                        ? List.of("end-user: u" + id, "x-request-id: " + id)
                                                        : List.of("x-request-id: " + id));
                                connection.send("GET /bare HTTP/1.1\r\nHost: a\r\n\r\n");
                                assertThat(connection.read().body()).isEqualTo("bare");
                            }
                            return null;
                        }
                    }));
                }
                for (Future<?> one : all) {
                    one.get(60, TimeUnit.SECONDS);
                }
            } finally {
                clients.shutdownNow();
            }
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(this::noteLeak, workers),
                            CompletableFuture.runAsync(this::noteLeak, workers))
                    .get();
            assertThat(leaked).isEmpty();
        }
    }
}
