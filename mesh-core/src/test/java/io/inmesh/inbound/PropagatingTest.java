package io.inmesh.inbound;

import static io.inmesh.inbound.InboundContext.propagating;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PropagatingTest {
    private static final InboundContext A =
            InboundContext.builder().header("end-user", "a").deadlineNanos(1L).build();
    private static final InboundContext B =
            InboundContext.builder().header("end-user", "b").build();

    private final List<@Nullable InboundContext> seen = new ArrayList<>();
    private final Runnable look = () -> seen.add(InboundContext.current());
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private static <T> T in(InboundContext context, Callable<T> work) throws Exception {
        try (Scope scope = context.open()) {
            return work.call();
        }
    }

    @Test
    void workRunsWithWhatWasCurrentWhenItWasWrapped() throws Exception {
        Runnable inA = in(A, () -> propagating(look));
        Callable<InboundContext> callInA = in(A, () -> propagating(InboundContext::current));
        Runnable inNone = propagating(look);

        inA.run();
        in(B, () -> {
            inA.run();
            inNone.run();
            seen.add(callInA.call());
            look.run();
            return null;
        });
        look.run();

        assertThat(seen).containsExactly(A, A, null, A, B, null);
    }

    @Test
    void workThatThrowsLeavesNothing() throws Exception {
        Runnable broken = in(
                A,
                () -> propagating((Runnable) () -> {
                    throw new IllegalStateException("broken");
                }));

        assertThat(CompletableFuture.runAsync(broken, pool)
                        .handle((done, failure) -> failure)
                        .get())
                .hasRootCauseMessage("broken");
        pool.submit(look).get();

        assertThat(seen).containsExactly((InboundContext) null);
    }

    /** All ways into an executor. */
    private interface Way {
        void hand(ExecutorService executor, Runnable work) throws Exception;
    }

    private static List<Way> ways() {
        return List.of(
                (executor, work) -> CompletableFuture.runAsync(work, executor).get(),
                (executor, work) -> executor.submit(work).get(),
                (executor, work) -> executor.submit(work, "done").get(),
                (executor, work) -> executor.submit(Executors.callable(work)).get(),
                (executor, work) -> executor.invokeAny(List.of(Executors.callable(work))),
                (executor, work) -> executor.invokeAny(List.of(Executors.callable(work)), 10, TimeUnit.SECONDS),
                (executor, work) -> {
                    for (Future<?> done : executor.invokeAll(List.of(Executors.callable(work)))) {
                        done.get();
                    }
                },
                (executor, work) -> {
                    for (Future<?> done : executor.invokeAll(List.of(Executors.callable(work)), 10, TimeUnit.SECONDS)) {
                        done.get();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anExecutorCarriesWhatIsCurrentWhenWorkIsHandedOver(Way way) throws Exception {
        ExecutorService carrying = propagating(pool);
        in(A, () -> {
            way.hand(carrying, look);
            return null;
        });
        way.hand(carrying, look);
        way.hand(pool, look);
        in(B, () -> {
            way.hand(carrying, look);
            way.hand(pool, look);
            return null;
        });

        assertThat(seen).containsExactly(A, null, null, B, null);
    }

    /** A new thread for each work; a virtual one where Java has them. */
    private static ExecutorService threadForEach() throws ReflectiveOperationException {
        return Runtime.version().feature() < 21
                ? Executors.newCachedThreadPool()
                : (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void soDoesOneOfVirtualThreads(Way way) throws Exception {
        ExecutorService virtual = threadForEach();
        try {
            ExecutorService carrying = propagating(virtual);
            in(A, () -> {
                way.hand(carrying, look);
                way.hand(virtual, look);
                return null;
            });
            way.hand(carrying, look);
        } finally {
            virtual.shutdown();
        }

        assertThat(seen).containsExactly(A, null, null);
    }

    @Test
    void aScheduledExecutorRepeatsWithoutADeadline() throws Exception {
        ManualClock clock = new ManualClock();
        ScheduledExecutorService carrying = propagating((ScheduledExecutorService) clock);
        in(A, () -> {
            Future<?> once = carrying.schedule(look, 1, TimeUnit.SECONDS);
            assertThat(once.isDone()).isFalse();
            return null;
        });
        clock.advance(Duration.ofSeconds(2));
        assertThat(seen).containsExactly(A);

        ScheduledExecutorService real = Executors.newSingleThreadScheduledExecutor();
        try {
            CompletableFuture<@Nullable InboundContext> repeated = new CompletableFuture<>();
            in(
                    A,
                    () -> propagating(real)
                            .scheduleWithFixedDelay(
                                    () -> repeated.complete(InboundContext.current()), 0, 1, TimeUnit.HOURS));
            InboundContext current = repeated.get();
            assertThat(current).isNotNull();
            assertThat(current.headers()).isEqualTo(A.headers());
            assertThat(current.deadlineNanos()).isNull();
        } finally {
            real.shutdownNow();
        }
    }

    @Test
    void theWrapperEndsWhatItWraps() throws InterruptedException {
        ExecutorService carrying = propagating(pool);
        assertThat(carrying.isShutdown()).isFalse();
        carrying.shutdown();
        assertThat(pool.isShutdown()).isTrue();
        assertThat(carrying.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(carrying.isTerminated()).isTrue();
        assertThat(carrying.shutdownNow()).isEmpty();
    }
}
