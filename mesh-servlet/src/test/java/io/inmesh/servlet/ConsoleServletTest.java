package io.inmesh.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConsoleServletTest {
    private static final String EVENTS = "GET /mesh/api/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final CallStatistics statistics = new CallStatistics();
    private final Mesh mesh = Mesh.builder().observer(statistics).build();
    private final ConsoleServlet servlet =
            new ConsoleServlet(Console.builder(mesh, statistics).build(), Duration.ofMillis(20));

    private ServletContainer start(ContainerKind kind) throws Exception {
        return kind.container().servlet("/mesh/*", servlet).start();
    }

    @ParameterizedTest
    @EnumSource
    void servesThePageAndItsDocuments(ContainerKind kind) throws Exception {
        try (ServletContainer container = start(kind)) {
            RawAnswer page = container.get("/mesh/");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("<title>InMesh console</title>");
            assertThat(page.headers("content-security-policy"))
                    .singleElement()
                    .asString()
                    .startsWith("default-src 'self'");
            assertThat(container.get("/mesh").headers("location")).containsExactly("mesh/");
            assertThat(container.get("/mesh/api/services").body()).contains("\"services\":[");
            assertThat(container
                            .get("/mesh/api/explain?url=http%3A%2F%2Fa%2F&header=x%3A%20y")
                            .body())
                    .contains("\"decision\":\"passthrough\"");
            assertThat(container.get("/mesh/%2e%2e/Console.class").status()).isBetween(400, 404);
            RawAnswer head = container.exchange("HEAD /mesh/app.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            RawAnswer post = container.exchange(
                    "POST /mesh/api/services HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            assertThat(post.status()).isEqualTo(405);
        }
        mesh.close();
    }

    @Test
    void closesItsConsoleWithTheApplication() throws Exception {
        Console console = Console.builder(mesh, statistics)
                .peers(List.of(URI.create("http://127.0.0.1:1/mesh")))
                .build();
        try (ServletContainer container = ContainerKind.TOMCAT
                .container()
                .servlet("/mesh/*", new ConsoleServlet(console))
                .start()) {
            assertThat(container.get("/mesh/api/peers").body()).contains("not asked yet");
        }
        String peers = new String(console.answer("GET", "api/peers", Map.of()).body(), StandardCharsets.UTF_8);
        assertThat(peers).contains("not asked any more");
        mesh.close();
    }

    @Test
    void answersItsOwnPagesOnly() throws Exception {
        try (ServletContainer container = start(ContainerKind.TOMCAT)) {
            assertThat(container
                            .get("/mesh/api/services", "Sec-Fetch-Site: cross-site")
                            .status())
                    .isEqualTo(403);
            assertThat(container
                            .get("/mesh/api/events", "Sec-Fetch-Site: cross-site")
                            .status())
                    .isEqualTo(403);
            assertThat(container
                            .get("/mesh/api/services", "Sec-Fetch-Site: same-origin")
                            .status())
                    .isEqualTo(200);
            assertThat(container.get("/mesh/", "Sec-Fetch-Site: cross-site").status())
                    .isEqualTo(200);
        }
        mesh.close();
    }

    @ParameterizedTest
    @EnumSource
    void sendsEventsToSomeAndEndsThemWithTheApplication(ContainerKind kind) throws Exception {
        ServletContainer container = start(kind);
        List<RawConnection> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                RawConnection reader = container.connect();
                readers.add(reader);
                reader.send(EVENTS);
                RawAnswer head = reader.read(true);
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.header("content-type")).startsWith("text/event-stream");
            }
            assertThat(readers.get(0).isAtEnd()).isFalse();
            await(() -> servlet.readers() == 20);
            assertThat(container.exchange(EVENTS).status()).isEqualTo(503);
            for (RawConnection reader : readers.subList(0, 10)) {
                reader.close();
            }
            await(() -> servlet.readers() == 10);
        } finally {
            container.close();
            for (RawConnection reader : readers) {
                reader.close();
            }
        }
        assertThat(servlet.readers()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("inmesh-console") && thread.isAlive())
                .isEmpty();
        mesh.close();
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatCannotBeginIsCountedNoMore(ContainerKind kind) throws Exception {
        Filter broken = (request, response, chain) -> {
            boolean atStart = "start".equals(request.getParameter("at"));
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                @Override
                public ServletOutputStream getOutputStream() throws IOException {
                    if (atStart) {
                        return new WithoutListeners(super.getOutputStream());
                    }
                    throw new IOException("no stream");
                }
            });
        };
        try (ServletContainer container = kind.container()
                .filter("/mesh/api/events", broken)
                .servlet("/mesh/*", servlet)
                .start()) {
            for (int i = 0; i < 25; i++) {
                String target = "/mesh/api/events?at=" + (i % 2 == 0 ? "start" : "stream");
                assertThat(container.get(target).status()).as(target).isEqualTo(500);
            }
            assertThat(servlet.readers()).isZero();
        }
        mesh.close();
    }

    @ParameterizedTest
    @EnumSource
    void aReaderWhoseEventsFailIsEnded(ContainerKind kind) throws Exception {
        Filter failing = (request, response, chain) ->
                chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                    @Override
                    public ServletOutputStream getOutputStream() throws IOException {
                        return new FailingLater(super.getOutputStream());
                    }
                });
        try (ServletContainer container = kind.container()
                .filter("/mesh/api/events", failing)
                .servlet("/mesh/*", servlet)
                .start()) {
            assertThat(container.exchange(EVENTS).body()).containsOnlyOnce("event: services");
            // The reader may see its end first.
            await(() -> servlet.readers() == 0);
        }
        mesh.close();
    }

    /** As of a container with a class that cannot be loaded any more. */
    private static final class FailingLater extends ServletOutputStream {
        private final ServletOutputStream out;
        private boolean fails;

        FailingLater(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            if (fails) {
                throw new NoClassDefFoundError("gone");
            }
            fails = true;
            out.write(bytes, start, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    /** As of a container, or behind a filter, that cannot be written to without waiting. */
    private static final class WithoutListeners extends ServletOutputStream {
        private final ServletOutputStream out;

        WithoutListeners(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("no listeners");
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }
    }

    private static void await(BooleanSupplier condition) throws IOException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
