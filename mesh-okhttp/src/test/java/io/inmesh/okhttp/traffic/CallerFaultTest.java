package io.inmesh.okhttp.traffic;

import static io.inmesh.testing.Collector.collectUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What callers do to their calls, over real sockets: nothing may be left of it. Dn: that fault of the test plan. */
class CallerFaultTest {
    private static final Request GET = new Request.Builder().url(FaultRig.URL).build();

    @RegisterExtension
    final FaultRig rig = new FaultRig();

    /** D12, in four parts of 250, for the connections that the dropped answers hold. */
    @Test
    void aThousandAnswersThatNobodyClosesAreNoticed() throws Exception {
        List<ScriptedBackend> backends = rig.backends(2);
        Mesh mesh = rig.mesh(backends, "");
        OkHttpClient client = rig.client(mesh);
        for (int part = 0; part < 4; part++) {
            for (int i = 0; i < 250; i++) {
                drop(client);
            }
            collectUntil(() -> mesh.status().attempts().running() == 0);
        }

        assertThat(mesh.status().attempts().running()).isZero();
        assertThat(mesh.status().attempts().unclosedBodies()).isEqualTo(1000);
        int before = backends.get(0).requests().size();
        for (int i = 0; i < 100; i++) {
            assertThat(CallLoad.call(client, "c" + i, "GET").failed()).isFalse();
        }
        assertThat(backends.get(0).requests().size() - before)
                .as("share of one of two")
                .isBetween(25, 75);
    }

    private static void drop(OkHttpClient client) throws IOException {
        assertThat(client.newCall(GET).execute().code()).isEqualTo(200);
    }

    /** D13: with {@code -Dfaults.calls=10000} as many as the plan has. */
    @Test
    void callsThatAreCancelledInterruptedOrTooSlowLeaveNothing() throws Exception {
        int calls = Integer.getInteger("faults.calls", 1000);
        List<ScriptedBackend> backends = rig.backends(3);
        backends.forEach(backend -> backend.plan("200,delay=1,body-delay=1"));
        Mesh mesh = rig.mesh(backends, "");
        OkHttpClient client = rig.client(mesh);
        AtomicInteger next = new AtomicInteger();
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Random random = new Random(i);
            Thread caller = new Thread(() -> {
                while (next.incrementAndGet() <= calls) {
                    disturb(client, random, wrong);
                }
            });
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join(TimeUnit.SECONDS.toMillis(60));
        }

        assertThat(wrong).isEmpty();
        assertThat(mesh.status().attempts().running()).isZero();
        assertThat(CallLoad.call(client, "last", "GET").failed()).isFalse();
    }

    /** Ends a call from elsewhere somewhere on its way. */
    private static void disturb(OkHttpClient client, Random random, ConcurrentLinkedQueue<String> wrong) {
        int kind = random.nextInt(3);
        long micros = random.nextInt(3000);
        OkHttpClient own = kind == 2
                ? client.newBuilder()
                        .callTimeout(1 + micros / 1000, TimeUnit.MILLISECONDS)
                        .build()
                : client;
        Call call = own.newCall(GET);
        Thread caller = Thread.currentThread();
        CountDownLatch disturbed = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
            if (kind == 0) {
                call.cancel();
            } else if (kind == 1) {
                caller.interrupt();
            }
            disturbed.countDown();
        });
        other.start();
        try (Response response = call.execute()) {
            response.body().bytes();
        } catch (IOException expected) {
            if (kind == 1 && !caller.isInterrupted() && disturbed.getCount() == 0) {
                wrong.add("the interrupt is lost: " + expected);
            }
        } catch (RuntimeException unexpected) {
            wrong.add(unexpected.toString());
        }
        // Whoever is interrupted after the call has the flag to himself.
        while (true) {
            try {
                disturbed.await();
                break;
            } catch (InterruptedException again) {
                continue;
            }
        }
        Thread.interrupted();
    }

    /** D18. */
    @Test
    void anInterceptorThatThrowsFailsItsOwnCallAlone() throws Exception {
        List<ScriptedBackend> backends = rig.backends(2);
        Mesh mesh = rig.mesh(backends, "");
        AtomicInteger calls = new AtomicInteger();
        OkHttpClient client = rig.client(mesh)
                .newBuilder()
                .addInterceptor(chain -> {
                    if (calls.incrementAndGet() % 3 == 0) {
                        throw new IllegalStateException("a bug");
                    }
                    return chain.proceed(chain.request());
                })
                .build();
        int failed = 0;
        for (int i = 0; i < 30; i++) {
            try {
                assertThat(CallLoad.call(client, "c" + i, "GET").failed()).isFalse();
            } catch (IllegalStateException bug) {
                failed++;
            }
        }

        assertThat(failed).isEqualTo(10);
        assertThat(mesh.status().attempts().running()).isZero();
    }

    /** D18. */
    @Test
    void anInterceptorThatBlocksHoldsUpItsOwnCallAlone() throws Exception {
        Mesh mesh = rig.mesh(rig.backends(2), "");
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        OkHttpClient client = rig.client(mesh);
        OkHttpClient blocking = client.newBuilder()
                .addInterceptor(chain -> {
                    blocked.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return chain.proceed(chain.request());
                })
                .build();
        ConcurrentLinkedQueue<CallLoad.Call> late = new ConcurrentLinkedQueue<>();
        Thread caller = new Thread(() -> late.add(CallLoad.call(blocking, "late", "GET")));
        caller.start();
        blocked.await();

        for (int i = 0; i < 10; i++) {
            assertThat(CallLoad.call(client, "c" + i, "GET").failed()).isFalse();
        }
        assertThat(mesh.status().attempts().running()).isEqualTo(1);
        go.countDown();
        caller.join(TimeUnit.SECONDS.toMillis(20));

        assertThat(late)
                .singleElement()
                .satisfies(call -> assertThat(call.failed()).isFalse());
        assertThat(mesh.status().attempts().running()).isZero();
    }

    /** D20. */
    @Test
    void callsUnderWayOutliveTheMesh() throws Exception {
        List<ScriptedBackend> backends = rig.backends(2);
        backends.forEach(backend -> backend.plan("200,delay=100,body-delay=50"));
        Mesh mesh = rig.mesh(backends, "");
        OkHttpClient client = rig.client(mesh);
        ConcurrentLinkedQueue<CallLoad.Call> calls = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String id = "c" + i;
            Thread caller = new Thread(() -> calls.add(CallLoad.call(client, id, "GET")));
            callers.add(caller);
            caller.start();
        }
        rig.awaitRequests(8);

        mesh.close();
        for (Thread caller : callers) {
            caller.join(TimeUnit.SECONDS.toMillis(20));
        }

        assertThat(calls).hasSize(8).noneMatch(CallLoad.Call::failed);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("inmesh-"))
                .allMatch(Thread::isDaemon);
    }
}
