package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockWebServer;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.internal.concurrent.TaskRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class PoolCleanupTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    @RegisterExtension
    final Backends backends = new Backends();

    private final RecordedBackend backend = new RecordedBackend();
    private final PoolCleanup cleanup = new PoolCleanup(backend);

    @Test
    void wakesItsThreadOnceASecond() {
        cleanup.coordinatorNotify(TaskRunner.INSTANCE);
        cleanup.coordinatorNotify(TaskRunner.INSTANCE);
        backend.now += SECOND - 1;
        cleanup.coordinatorNotify(TaskRunner.INSTANCE);
        assertThat(backend.notified).isEqualTo(1);

        backend.now += 1;
        cleanup.coordinatorNotify(TaskRunner.INSTANCE);
        assertThat(backend.notified).isEqualTo(2);
    }

    @Test
    void missesNothingThatWasAskedForWithinTheSecond() {
        cleanup.coordinatorWait(TaskRunner.INSTANCE, HOUR);
        cleanup.coordinatorNotify(TaskRunner.INSTANCE);
        backend.now += SECOND / 4;
        cleanup.coordinatorWait(TaskRunner.INSTANCE, HOUR);
        cleanup.coordinatorWait(TaskRunner.INSTANCE, 5);
        backend.now += SECOND;
        cleanup.coordinatorWait(TaskRunner.INSTANCE, HOUR);

        assertThat(backend.waits).containsExactly(HOUR, SECOND - SECOND / 4, 5L, HOUR);
    }

    @Test
    @Timeout(30)
    void closesWhatIsIdleForLongEnough() throws Exception {
        MockWebServer server = backends.start("server");
        ConnectionPool pool = MeshOkHttp.connectionPool(5, 1, TimeUnit.MILLISECONDS);
        OkHttpClient client = new OkHttpClient.Builder().connectionPool(pool).build();
        backends.closing(() -> client.dispatcher().executorService().shutdown());
        for (int i = 0; i < 3; i++) {
            try (Response response = client.newCall(
                            new Request.Builder().url(server.url("/")).build())
                    .execute()) {
                assertThat(response.body().string()).isEqualTo("server");
            }
        }
        while (pool.connectionCount() > 0) {
            Thread.onSpinWait();
        }
        assertThat(pool.idleConnectionCount()).isZero();
    }

    @Test
    void isDoneWithoutWhereOkHttpHidesIt() throws Exception {
        ClassLoader hiding = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("okhttp3.internal.concurrent.TaskRunner")) {
                    throw new ClassNotFoundException(name);
                }
                if (!name.startsWith("io.inmesh.okhttp.")) {
                    return super.loadClass(name, resolve);
                }
                try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        Class<?> type = Class.forName(MeshOkHttp.class.getName(), true, hiding);

        assertThat(type).isNotEqualTo(MeshOkHttp.class);
        assertThat(type.getMethod("connectionPool").invoke(null)).isInstanceOf(ConnectionPool.class);
    }

    private static final class RecordedBackend implements TaskRunner.Backend {
        private final List<Long> waits = new ArrayList<>();
        private long now = Long.MAX_VALUE - 10;
        private int notified;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void coordinatorNotify(TaskRunner runner) {
            notified++;
        }

        @Override
        public void coordinatorWait(TaskRunner runner, long nanos) {
            waits.add(nanos);
        }

        @Override
        public <T> BlockingQueue<T> decorate(BlockingQueue<T> queue) {
            return queue;
        }

        @Override
        public void execute(TaskRunner runner, Runnable runnable) {
            throw new AssertionError("runs nothing");
        }
    }
}
