package io.inmesh.servlet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.InboundObserver;
import io.inmesh.observe.StartedRequest;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ContainerSettings;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each request is told of once from its beginning to its end, whatever way the application answers it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObservedRequestTest {
    private final Map<ContainerKind, ServletContainer> containers = new EnumMap<>(ContainerKind.class);
    private final BlockingQueue<String> started = new LinkedBlockingQueue<>();
    private final BlockingQueue<EndedRequest> ended = new LinkedBlockingQueue<>();
    private final CountDownLatch gone = new CountDownLatch(1);
    private ExecutorService workers;
    private AnswersByPath application;

    /** Throws whatever happens. */
    private static final InboundObserver BROKEN = new InboundObserver() {
        @Override
        public InboundObservation requestStarted(StartedRequest request) {
            if (request.head().pathAndQuery().contains("broken")) {
                throw new IllegalStateException("broken at the beginning");
            }
            return new InboundObservation() {
                @Override
                public void ended(EndedRequest told) {
                    throw new IllegalStateException("broken at the end");
                }
            };
        }
    };

    private InboundObservation start(StartedRequest request) {
        assertThat(request.connection().remoteAddress()).isEqualTo("127.0.0.1");
        assertThat(request.connection().remotePort()).isPositive();
        assertThat(request.connection().secure()).isFalse();
        assertThat(request.principal()).isNull();
        started.add(request.head().method() + " " + request.head().authority() + " "
                + request.head().pathAndQuery());
        return new InboundObservation() {
            @Override
            public void ended(EndedRequest told) {
                ended.add(told);
            }
        };
    }

    @BeforeAll
    void start() throws Exception {
        workers = Executors.newFixedThreadPool(2);
        application = new AnswersByPath(workers, gone);
        for (ContainerKind kind : ContainerKind.values()) {
            containers.put(
                    kind,
                    container(kind)
                            .errorPage(409, "/app/page")
                            .errorPage(500, "/app/page")
                            .start());
        }
    }

    private ContainerSettings container(ContainerKind kind) {
        InboundObserver observer = new InboundObserver() {
            @Override
            public InboundObservation requestStarted(StartedRequest request) {
                return start(request);
            }
        };
        return kind.container()
                .filter(
                        "/*",
                        MeshServletFilter.builder()
                                .observer(BROKEN)
                                .observer(observer)
                                .rateLimit(RateLimit.builder(1, Duration.ofHours(1))
                                        .path("/limited")
                                        .build())
                                .build())
                .filter("/*", MeshServletFilter.builder().observer(observer).build())
                .handler("/app/*", application::serve)
                .handler("/limited", (request, response) -> {});
    }

    @AfterAll
    void stop() {
        workers.shutdown();
        containers.values().forEach(ServletContainer::close);
    }

    @BeforeEach
    void forget() {
        started.clear();
        ended.clear();
    }

    private EndedRequest only(String line) throws InterruptedException {
        EndedRequest told = ended.poll(20, TimeUnit.SECONDS);
        assertThat(told).as("end of %s", line).isNotNull();
        assertThat(told.totalNanos()).isPositive();
        assertThat(started).containsExactly(line);
        started.clear();
        assertThat(ended).isEmpty();
        return told;
    }

    private EndedRequest get(ContainerKind kind, String path, String... headers) throws Exception {
        return get(containers.get(kind), path, headers);
    }

    private EndedRequest get(ServletContainer container, String path, String... headers) throws Exception {
        RawAnswer answer = container.get(path, headers);
        EndedRequest told = only("GET localhost " + path);
        assertThat(told.status()).as(path).isEqualTo(answer.status());
        if (told.responseBytes() >= 0) {
            assertThat(told.responseBytes()).as(path).isEqualTo(answer.body().length());
        }
        assertThat(told.requestBytes()).isZero();
        return told;
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void toldOnceHoweverItIsAnswered(ContainerKind kind) throws Exception {
        for (String path : new String[] {
            "/app/stream?q=1",
            "/app/writer",
            "/app/long",
            "/app/thrown-away",
            "/app/forward",
            "/app/include",
            "/app/async",
            "/app/dispatch",
            "/app/twice",
            "/app/async-fail",
            "/app/closed",
            "/app/stream?broken",
            "/app/server-is-slow"
        }) {
            EndedRequest told = get(kind, path);
            assertThat(told.flag()).as(path).isNull();
            assertThat(told.responseBytes()).as(path).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void errorsHaveTheStatusOfTheirPage(ContainerKind kind) throws Exception {
        for (String path : new String[] {"/app/fail", "/app/throw", "/app/no-page"}) {
            EndedRequest told = get(kind, path);
            assertThat(told.flag()).isNull();
            assertThat(told.responseBytes()).as(path).isEqualTo(-1);
        }
        // Jetty 12.1.14 loses some that are over within a millisecond.
        assertThat(get(kind, "/app/timeout").status()).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void aRedirectHasNothingOfTheBuffer(ContainerKind kind) throws Exception {
        assertThat(get(kind, "/app/redirect").responseBytes()).isZero();
    }

    /** Where there is no page of the application. */
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void whatTheContainerWritesIsNotKnown(ContainerKind kind) throws Exception {
        try (ServletContainer plain = container(kind).start()) {
            for (String path : new String[] {"/app/server-is-slow", "/app/async-fail", "/app/timeout"}) {
                EndedRequest told = get(plain, path);
                assertThat(told.flag()).as(path).isNull();
                assertThat(told.responseBytes()).as(path).isEqualTo(-1);
            }
        }
    }

    /** Of an asynchronous request, which is over after it. */
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void anErrorPageMayHaveAStatusOfItsOwn(ContainerKind kind) throws Exception {
        try (ServletContainer teapots =
                container(kind).errorPage(500, "/app/teapot").start()) {
            for (String path : new String[] {"/app/server-is-slow", "/app/timeout"}) {
                EndedRequest told = get(teapots, path);
                assertThat(told.status()).as(path).isEqualTo(418);
                assertThat(told.flag()).as(path).isNull();
                assertThat(told.responseBytes()).as(path).isEqualTo(6);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void aClientThatIsAnsweredIsNotGone(ContainerKind kind) throws Exception {
        String post = "POST /app/%s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n";
        for (String path : new String[] {"answered-unread", "refused-unread", "failed-unread"}) {
            RawAnswer answer = containers.get(kind).exchange(post.formatted(path));
            EndedRequest told = only("POST a /app/" + path);
            assertThat(told.status()).as(path).isEqualTo(answer.status()).isGreaterThanOrEqualTo(400);
            assertThat(told.flag()).as(path).isNull();
            assertThat(told.responseBytes()).as(path).isIn(-1L, (long)
                    answer.body().length());
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void countsWhatComesIn(ContainerKind kind) throws Exception {
        String post = "POST /app/%s HTTP/1.1\r\nHost: a:80\r\n%s\r\n\r\n%s";
        String chunked = "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
        assertThat(containers
                        .get(kind)
                        .exchange(post.formatted("echo", "Transfer-Encoding: chunked", chunked))
                        .body())
                .isEqualTo("abcdefg");
        assertThat(only("POST a:80 /app/echo").requestBytes()).isEqualTo(7);
        containers.get(kind).exchange(post.formatted("unread", "Content-Length: 3", "abc"));
        assertThat(only("POST a:80 /app/unread").requestBytes()).isEqualTo(3);
        containers.get(kind).exchange(post.formatted("lines", "Transfer-Encoding: chunked", chunked));
        assertThat(only("POST a:80 /app/lines").requestBytes()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void headHasNoBody(ContainerKind kind) throws Exception {
        containers.get(kind).exchange("HEAD /app/stream HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(only("HEAD a /app/stream").responseBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void whatLimitsAndFormRefuseHasItsFlag(ContainerKind kind) throws Exception {
        assertThat(get(kind, "/limited").flag()).isNull();
        EndedRequest limited = get(kind, "/limited");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.flag()).isEqualTo(ResponseFlag.RL);
        assertThat(limited.responseBytes()).isPositive();
        EndedRequest bad = get(kind, "/app/stream", "end-user: \u00e4");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.flag()).isEqualTo(ResponseFlag.DPE);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void aClientThatIsGoneIsTold(ContainerKind kind) throws Exception {
        try (RawConnection connection = containers.get(kind).connect()) {
            connection.send("GET /app/abort HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(started.poll(20, TimeUnit.SECONDS)).isEqualTo("GET a /app/abort");
            connection.socket().setSoLinger(true, 0);
        }
        gone.countDown();

        EndedRequest told = ended.poll(20, TimeUnit.SECONDS);
        assertThat(told).isNotNull();
        assertThat(told.flag()).isEqualTo(ResponseFlag.DC);
        assertThat(told.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void aBodyThatBreaksOffIsCountedAsFarAsItCame(ContainerKind kind) throws Exception {
        try (RawConnection connection = containers.get(kind).connect()) {
            connection.send("POST /app/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(started.poll(20, TimeUnit.SECONDS)).isEqualTo("POST a /app/echo");
        }
        EndedRequest told = ended.poll(20, TimeUnit.SECONDS);
        assertThat(told).isNotNull();
        assertThat(told.flag()).isEqualTo(ResponseFlag.DC);
        assertThat(told.status()).isZero();
        assertThat(told.responseBytes()).isZero();
        assertThat(told.requestBytes()).isLessThanOrEqualTo(3);
    }
}
