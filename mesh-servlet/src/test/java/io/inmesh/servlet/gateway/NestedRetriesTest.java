package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * D8 of the fault plan: a chain of calls that retries at each hop, a gateway and applications behind the filter, before a server
 * that answers 503 to everything.
 */
class NestedRetriesTest {
    private static final String RETRIES = "retries: {attempts: 2, retryOn: 5xx, backoff: 1ms}";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicInteger received = new AtomicInteger();
    private ServletContainer broken;

    @BeforeEach
    void start() throws Exception {
        broken = closing(ContainerKind.TOMCAT
                .container()
                .threads(48)
                .handler("/*", (request, response) -> {
                    received.incrementAndGet();
                    response.setStatus(503);
                })
                .start());
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <C extends AutoCloseable> C closing(C closeable) {
        open.push(closeable);
        return closeable;
    }

    /** Each hop adds its retries: 2 of each of the four, and not 3 to the power of four. */
    @Test
    void retriesOfAllHopsAddUp() throws Exception {
        ServletContainer second = application(client(broken, "", RETRIES));
        ServletContainer first = application(client(second, "", RETRIES));
        OkHttpClient client = client(gateway(first, "", RETRIES), "", RETRIES);

        assertThat(status(client)).isEqualTo(503);

        assertThat(received).hasValue(4 * 2 + 1);
    }

    /**
     * With the budget of 20 % at each of three hops, which is a share of what is under way, retries among it: their waits keep them
     * below the same share of what is sent.
     */
    @Test
    void underLoadTheBudgetHoldsThemTogether() throws Exception {
        int calls = 320;
        String budget = """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: next}
                spec:
                  host: shop.example
                  trafficPolicy: {retryBudget: {percent: 20, minRetryConcurrency: 1}}
                """;
        String retries = "retries: {attempts: 2, retryOn: 5xx, backoff: 100ms}";
        ServletContainer application = application(client(broken, budget, retries));
        OkHttpClient client = client(gateway(application, budget, retries), budget, retries);
        ExecutorService callers = Executors.newFixedThreadPool(32);
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            tasks.add(() -> status(client));
        }
        try {
            for (Future<Integer> status : callers.invokeAll(tasks)) {
                assertThat(status.get()).isEqualTo(503);
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(received.get()).isBetween(calls + 1, (int) (calls * 1.75));
    }

    private static int status(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(
                        new Request.Builder().url("http://shop.example/").build())
                .execute()) {
            return response.code();
        }
    }

    /** What calls shop.example at a server. */
    private OkHttpClient client(ServletContainer next, String moreRules, String route) {
        Mesh mesh = closing(Mesh.builder()
                .config(TextConfigSource.of("rules", rules(next, "", route) + moreRules))
                .build());
        OkHttpClient client = MeshOkHttp.builder(mesh).build();
        closing(() -> client.connectionPool().evictAll());
        return client;
    }

    private ServletContainer gateway(ServletContainer next, String moreRules, String route) throws Exception {
        String gateway = """
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
                """;
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(TextConfigSource.of("rules", rules(next, "gateways: [gw]", route) + gateway + moreRules))
                .build());
        return closing(ContainerKind.TOMCAT
                .container()
                .threads(48)
                .servlet("/*", GatewayServlet.builder(mesh).otherPorts(80).build())
                .start());
    }

    /** Answers with the status of the next. */
    private ServletContainer application(OkHttpClient next) throws Exception {
        return closing(ContainerKind.TOMCAT
                .container()
                .threads(48)
                .filter("/*", new MeshServletFilter())
                .handler("/*", (request, response) -> response.setStatus(status(next)))
                .start());
    }

    private static String rules(ServletContainer next, String gateways, String route) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example]
                  resolution: STATIC
                  location: MESH_INTERNAL
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop.example]
                  %s
                  http:
                  - route: [{destination: {host: shop.example}}]
                    %s
                """.formatted(next.port(), gateways, route);
    }
}
