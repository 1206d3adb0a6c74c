package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.PathNormalization;
import io.inmesh.servlet.gateway.RequestFuzz.Drawn;
import io.inmesh.servlet.policy.PathFuzz;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends drawn requests on several connections at a time, and looks at each answer. What is not answered 200 is refused: by the
 * container or by what is in it, with a page or by closing the connection.
 */
final class FuzzRun {
    /**
     * {@code -Dfuzz.requests}: over sockets, by each test method on each container. Some hundreds in the normal build; the
     * whole takes a quarter of a million in each of the four.
     */
    static final int REQUESTS = Integer.getInteger("fuzz.requests", 750);

    private static final int THREADS = Integer.getInteger("fuzz.threads", 2);
    private static final long LONGEST_NANOS = 1_000_000_000L * Integer.getInteger("fuzz.seconds", 60);

    private final ServletContainer container;
    private final Consumer<Seen> check;

    /** An answer 200 to a drawn request, with what was told of it by headers. */
    record Seen(Drawn drawn, RawAnswer answer) {
        /** The container's own path, as the application sees it. */
        String pathOfContainer() {
            return URLDecoder.decode(String.valueOf(answer.header("X-Seen")), StandardCharsets.UTF_8);
        }

        /** That a path, read as whoever serves it reads it, is the one that was judged, and none that is denied. */
        void assertOneReading(String path) {
            String sent = path.substring(0, PathNormalization.pathEnd(path));
            String read = PathFuzz.asContainersReadIt(sent);
            String written = drawn.path();

            assertThat(PathPolicy.STRICT.problem(sent)).as(drawn.text()).isNull();
            assertThat(PathPolicy.STRICT.canonical(sent)).as(drawn.text()).isEqualTo(sent);
            if (written != null) {
                String canonical = PathPolicy.STRICT.canonical(written);
                assertThat(sent)
                        .as(drawn.text())
                        .isEqualTo(canonical.substring(0, PathNormalization.pathEnd(canonical)));
            }
            assertThat(pathOfContainer())
                    .as(drawn.text())
                    .isEqualTo(PathPolicy.STRICT.judged(sent))
                    .isEqualTo(read);
            assertThat(read)
                    .as(drawn.text())
                    .isNotEqualTo("/admin")
                    .doesNotStartWith("/admin/")
                    .doesNotEndWith("/secret")
                    .isNotEqualTo("/a@b");
        }
    }

    /** What became of all requests. */
    record Totals(int sent, int let, int refused, int unanswered) {
        private Totals plus(Totals other) {
            return new Totals(
                    sent + other.sent, let + other.let, refused + other.refused, unanswered + other.unanswered);
        }
    }

    /** @param check of each answer 200 */
    FuzzRun(ServletContainer container, Consumer<Seen> check) {
        this.container = container;
        this.check = check;
    }

    /** Sends all, or as many as there is time for. */
    Totals run(long seed) throws Exception {
        long end = System.nanoTime() + LONGEST_NANOS;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Totals>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long own = seed * THREADS + i;
                parts.add(threads.submit(() -> part(own, end)));
            }
            Totals all = new Totals(0, 0, 0, 0);
            for (Future<Totals> part : parts) {
                all = all.plus(part.get());
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private Totals part(long seed, long end) throws IOException {
        RequestFuzz fuzz = new RequestFuzz(seed);
        int sent = 0;
        int let = 0;
        int refused = 0;
        int unanswered = 0;
        try (Client client = new Client(container)) {
            while (sent < REQUESTS / THREADS && System.nanoTime() - end < 0) {
                Drawn drawn = fuzz.next();
                sent++;
                RawAnswer answer = client.answer(drawn);
                if (answer == null) {
                    unanswered++;
                } else if (answer.status() == 200 && answer.header("X-Seen") != null) {
                    let++;
                    check.accept(new Seen(drawn, answer));
                } else {
                    refused++;
                }
            }
        }
        return new Totals(sent, let, refused, unanswered);
    }

    /** Keeps a connection while answers say so. */
    private static final class Client implements AutoCloseable {
        private final ServletContainer container;
        private @Nullable RawConnection connection;

        Client(ServletContainer container) {
            this.container = container;
        }

        /** Null when none came. */
        @Nullable
        RawAnswer answer(Drawn drawn) throws IOException {
            RawConnection open = connection;
            if (open == null) {
                open = container.connect();
                // A million closed connections would use up the ports otherwise.
                open.socket().setSoLinger(true, 0);
                connection = open;
            }
            try {
                open.send(drawn.text());
                if (drawn.odd()) {
                    open.socket().shutdownOutput();
                }
                RawAnswer answer = open.read();
                if (drawn.odd() || answer.status() >= 400 || "close".equalsIgnoreCase(answer.header("connection"))) {
                    close();
                }
                return answer;
            } catch (IOException | RuntimeException none) {
                close();
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            RawConnection open = connection;
            connection = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
