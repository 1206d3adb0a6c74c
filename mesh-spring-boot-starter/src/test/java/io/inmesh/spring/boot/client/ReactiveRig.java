package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Hooks;

/**
 * Two endpoints of the service {@code reviews}, and a WebClient for it. {@code /short} answers with the endpoint's name,
 * {@code /long} with 60 KB, {@code /broken} with 503, {@code /odd} with a status that is none, {@code /held} when it is
 * {@linkplain #release() released}, {@code /never} too late.
 */
final class ReactiveRig implements AutoCloseable {
    private final MockWebServer first = new MockWebServer();
    private final MockWebServer second = new MockWebServer();
    private final Semaphore held = new Semaphore(0);
    private final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
    private final ConfigurableApplicationContext application;
    private final WebClient client;

    /**
     * Starts everything.
     *
     * @param protocol of the port, {@code HTTP} or {@code HTTP2}
     */
    ReactiveRig(String protocol) throws IOException {
        this(protocol, TestApplication.class);
    }

    /** The same for a WebClient.Builder of another application. */
    ReactiveRig(String protocol, Class<?> of) throws IOException {
        serve(first, "first", protocol);
        serve(second, "second", protocol);
        application = TestApplication.start(
                of, "mesh.resources.reviews=" + """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  resolution: STATIC
                  ports: [{number: 80, name: reviews, protocol: %s}]
                  endpoints:
                  - {address: 127.0.0.1, ports: {reviews: %d}}
                  - {address: 127.0.0.1, ports: {reviews: %d}}
                """.formatted(protocol, first.getPort(), second.getPort()));
        client = application
                .getBean(WebClient.Builder.class)
                .baseUrl("http://reviews")
                .build();
        Hooks.onErrorDropped(dropped::add);
    }

    private void serve(MockWebServer server, String name, String protocol) throws IOException {
        server.setProtocols(List.of(protocol.equals("HTTP2") ? Protocol.H2_PRIOR_KNOWLEDGE : Protocol.HTTP_1_1));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                if (request.getTarget().equals("/never")) {
                    return new MockResponse.Builder()
                            .headersDelay(10, TimeUnit.SECONDS)
                            .build();
                }
                if (request.getTarget().equals("/held")) {
                    held.acquireUninterruptibly();
                }
                if (request.getTarget().equals("/odd")) {
                    return new MockResponse.Builder()
                            .status("HTTP/1.1 099 Odd")
                            .body("odd")
                            .build();
                }
                boolean isLong = request.getTarget().equals("/long");
                return new MockResponse.Builder()
                        .code(request.getTarget().equals("/broken") ? 503 : 200)
                        .addHeader("Content-Type", "text/plain")
                        .body(isLong ? "x".repeat(60_000) : name)
                        .build();
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    WebClient client() {
        return client;
    }

    /** How many requests have arrived. */
    int requests() {
        return first.getRequestCount() + second.getRequestCount();
    }

    /** Lets one request to {@code /held} be answered. */
    void release() {
        held.release();
    }

    /** Errors that Reactor had nobody to tell. */
    Queue<Throwable> dropped() {
        return dropped;
    }

    /** Waits until nothing is in flight. */
    void awaitIdle() {
        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
    }

    @Override
    public void close() {
        Hooks.resetOnErrorDropped();
        application.close();
        first.close();
        second.close();
    }
}
