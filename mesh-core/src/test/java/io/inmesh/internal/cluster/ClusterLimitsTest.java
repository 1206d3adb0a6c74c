package io.inmesh.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.internal.cluster.ClusterLimits.Admission;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.ConnectionPoolSettings.Http;
import io.inmesh.model.ConnectionPoolSettings.Tcp;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.TrafficPolicy.RetryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterLimitsTest {
    private static final BooleanSupplier NEVER = () -> false;
    private static final BooleanSupplier AT_ONCE = () -> true;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static LimitSettings settings(@Nullable Integer maxConnections, UnaryOperator<Http.Builder> http) {
        ConnectionPoolSettings pool = new ConnectionPoolSettings(
                maxConnections == null ? null : new Tcp(maxConnections, null, null, null),
                http.apply(Http.builder()).build());
        return settings(TrafficPolicy.builder().connectionPool(pool).build());
    }

    private static LimitSettings settings(TrafficPolicy policy) {
        return LimitSettings.of(ClusterPolicy.DEFAULT.overriddenBy(policy, 80));
    }

    private static LimitSettings budget(@Nullable Double percent, @Nullable Integer minConcurrency) {
        return settings(TrafficPolicy.builder()
                .retryBudget(new RetryBudget(percent, minConcurrency))
                .build());
    }

    private static LimitSettings connections(int max) {
        return settings(max, http -> http);
    }

    private static ClusterLimits limits(LimitSettings settings) {
        return new ClusterLimits(settings);
    }

    private static Admission ask(ClusterLimits limits) throws InterruptedException {
        return ask(limits, AT_ONCE);
    }

    private static Admission ask(ClusterLimits limits, BooleanSupplier stop) throws InterruptedException {
        Admission admission = limits.admit(false);
        return admission == Admission.TO_WAIT ? limits.await(stop) : admission;
    }

    /** A request that waits on a thread of its own, once it does. */
    private Future<Admission> waiting(ClusterLimits limits, BooleanSupplier stop) throws TimeoutException {
        int before = limits.pending();
        Callable<Admission> request = () -> ask(limits, stop);
        Future<Admission> answer = threads.submit(request);
        await(() -> limits.pending() > before);
        return answer;
    }

    private static void await(BooleanSupplier condition) throws TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new TimeoutException();
            }
            Thread.onSpinWait();
        }
    }

    private static Admission get(Future<Admission> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsCountedWhereNoRuleLimits() throws InterruptedException {
        ClusterLimits limits = limits(LimitSettings.of(ClusterPolicy.DEFAULT));
        assertThat(ask(limits)).isEqualTo(Admission.UNCOUNTED);
        assertThat(limits.active()).isZero();
    }

    @Test
    void zeroIsNoLimitAsInIstio() {
        assertThat(settings(
                        0,
                        http -> http.http1MaxPendingRequests(0)
                                .http2MaxRequests(0)
                                .maxRetries(0)))
                .isSameAs(LimitSettings.NONE);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void requestsBeyondTheirNumberAreRefusedInEitherProtocol(boolean http2) {
        ClusterLimits limits = limits(settings(null, http -> http.http2MaxRequests(2)));
        assertThat(limits.admit(http2)).isEqualTo(Admission.COUNTED);
        assertThat(limits.admit(http2)).isEqualTo(Admission.COUNTED);
        assertThat(limits.admit(http2)).isEqualTo(Admission.TOO_MANY_REQUESTS);
        limits.release();
        assertThat(limits.admit(http2)).isEqualTo(Admission.COUNTED);
    }

    @Test
    void whoFindsNoConnectionWaitsInOrderOfArrival() throws Exception {
        ClusterLimits limits = limits(connections(1));
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        Future<Admission> first = waiting(limits, NEVER);
        Future<Admission> second = waiting(limits, NEVER);
        limits.release();
        assertThat(get(first)).isEqualTo(Admission.COUNTED);
        assertThat(second).isNotDone();
        assertThat(limits.active()).isEqualTo(1);
        limits.release();
        assertThat(get(second)).isEqualTo(Admission.COUNTED);
        limits.release();
        assertThat(limits.active() + limits.pending()).isZero();
    }

    @Test
    void ofFiveAtOnceOneIsServedOneWaitsAndThreeAreRefused() throws Exception {
        ClusterLimits limits = limits(settings(1, http -> http.http1MaxPendingRequests(1)));
        assertThat(ask(limits, NEVER)).isEqualTo(Admission.COUNTED);
        Future<Admission> waits = waiting(limits, NEVER);
        for (int i = 0; i < 3; i++) {
            assertThat(ask(limits, NEVER)).isEqualTo(Admission.TOO_MANY_PENDING);
        }
        limits.release();
        assertThat(get(waits)).isEqualTo(Admission.COUNTED);
    }

    @Test
    void requestsThatShareConnectionsWaitForNone() {
        ClusterLimits limits = limits(connections(1));
        assertThat(limits.admit(true)).isEqualTo(Admission.COUNTED);
        assertThat(limits.admit(true)).isEqualTo(Admission.COUNTED);
    }

    @Test
    void whoIsToldToStopLeavesTheQueue() throws Exception {
        ClusterLimits limits = limits(connections(1));
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        AtomicBoolean stop = new AtomicBoolean();
        Future<Admission> stopped = waiting(limits, stop::get);
        Future<Admission> behind = waiting(limits, NEVER);
        stop.set(true);
        assertThat(get(stopped)).isEqualTo(Admission.STOPPED);
        assertThat(limits.pending()).isEqualTo(1);
        limits.release();
        assertThat(get(behind)).isEqualTo(Admission.COUNTED);
    }

    @Test
    void anInterruptEndsTheWaitAndIsCountedNowhere() throws Exception {
        ClusterLimits limits = limits(connections(1));
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waiter = new Thread(() -> {
            try {
                ask(limits, NEVER);
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        waiter.start();
        await(() -> limits.pending() == 1);
        waiter.interrupt();
        waiter.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(interrupted).isTrue();
        assertThat(limits.pending()).isZero();
        assertThat(limits.active()).isEqualTo(1);
    }

    @Test
    void anInterruptedThreadIsNotPutInTheQueueForGood() throws InterruptedException {
        ClusterLimits limits = limits(connections(1));
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ask(limits, NEVER)).isInstanceOf(InterruptedException.class);
        assertThat(limits.pending()).isZero();
    }

    @Test
    void aRuleThatAllowsMoreLetsThoseInWhoWait() throws Exception {
        ClusterLimits limits = limits(connections(1));
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        Future<Admission> first = waiting(limits, NEVER);
        Future<Admission> second = waiting(limits, NEVER);
        Future<Admission> third = waiting(limits, NEVER);
        limits.follow(connections(2));
        assertThat(get(first)).isEqualTo(Admission.COUNTED);
        assertThat(second).isNotDone();
        limits.follow(settings(3, http -> http.http2MaxRequests(2)));
        assertThat(get(second)).isEqualTo(Admission.TOO_MANY_REQUESTS);
        assertThat(get(third)).isEqualTo(Admission.TOO_MANY_REQUESTS);
    }

    @Test
    void aRuleThatIsTakenBackLetsAllInAndKeepsTheCounts() throws Exception {
        ClusterLimits limits = limits(connections(1));
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        Future<Admission> waits = waiting(limits, NEVER);
        limits.follow(LimitSettings.NONE);
        assertThat(get(waits)).isEqualTo(Admission.COUNTED);
        assertThat(ask(limits)).isEqualTo(Admission.UNCOUNTED);
        limits.release();
        limits.release();
        assertThat(limits.active()).isZero();
    }

    @Test
    void aRuleThatAllowsLessTakesNobodysConnectionAway() throws Exception {
        ClusterLimits limits = limits(connections(3));
        for (int i = 0; i < 3; i++) {
            assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        }
        limits.follow(connections(1));
        Future<Admission> waits = waiting(limits, NEVER);
        limits.release();
        limits.release();
        assertThat(waits).isNotDone();
        limits.release();
        assertThat(get(waits)).isEqualTo(Admission.COUNTED);
    }

    @Test
    void retriesAtOnceAreLimited() {
        ClusterLimits limits = limits(settings(null, http -> http.maxRetries(1)));
        assertThat(limits.tryRetry(false)).isTrue();
        assertThat(limits.tryRetry(false)).isFalse();
        limits.retryEnded();
        assertThat(limits.tryRetry(false)).isTrue();
    }

    @Test
    void retriesAreCountedWithoutLimitForARuleThatComes() {
        ClusterLimits limits = limits(LimitSettings.NONE);
        assertThat(limits.tryRetry(false)).isTrue();
        limits.follow(settings(null, http -> http.maxRetries(1)));
        assertThat(limits.tryRetry(false)).isFalse();
        limits.retryEnded();
        assertThat(limits.retries()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "20, 3, 100, 20",
        "20, 3, 10, 3",
        "20, 1, 10, 2",
        "20, 1, 9, 1",
        "0, 1, 1000, 1",
        "100, 1, 7, 7",
        "12.5, 1, 16, 2",
        ", , 100, 20",
        ", , 2, 3",
        "20, 0, 2, 3"
    })
    void theBudgetIsAShareOfWhatIsInFlight(Double percent, Integer min, int requests, int retries)
            throws InterruptedException {
        ClusterLimits limits = limits(budget(percent, min));
        for (int i = 0; i < requests; i++) {
            assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        }
        assertThat(budget(percent, min).maxRetries(requests)).isEqualTo(retries);
        assertThat(limits.tryRetry(true)).isTrue();
        assertThat(limits.active()).isEqualTo(requests - 1);
    }

    /** As recorded: ten requests fail together, and one of them is sent again. */
    @Test
    void ofTenThatFailTogetherOneIsRetriedAtTwentyPercent() throws InterruptedException {
        ClusterLimits limits = limits(budget(20.0, 1));
        for (int i = 0; i < 10; i++) {
            assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        }
        List<Boolean> retried = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            retried.add(limits.tryRetry(true));
        }
        assertThat(retried).containsOnlyOnce(true).startsWith(true);
    }

    @Test
    void anAttemptThatEndedBeforeItIsRetriedIsInTheBudgetAllTheSame() throws InterruptedException {
        ClusterLimits limits = limits(budget(20.0, 1));
        for (int i = 0; i < 10; i++) {
            assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        }
        assertThat(limits.tryRetry(true)).isTrue();
        // Eight others, and this one: nine.
        limits.release();
        assertThat(limits.tryRetry(false)).isFalse();
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        assertThat(limits.tryRetry(false)).isTrue();
    }

    @Test
    void theBudgetTakesThePlaceOfTheLimit() {
        LimitSettings both = settings(TrafficPolicy.builder()
                .connectionPool(new ConnectionPoolSettings(
                        null, Http.builder().maxRetries(50).build()))
                .retryBudget(new RetryBudget(20.0, 1))
                .build());
        ClusterLimits limits = limits(both);
        assertThat(limits.tryRetry(false)).isTrue();
        assertThat(limits.tryRetry(false)).isFalse();
    }

    @Test
    void aRetryHandsItsConnectionToWhoeverWaits() throws Exception {
        ClusterLimits limits = limits(connections(1));
        assertThat(ask(limits)).isEqualTo(Admission.COUNTED);
        Future<Admission> waits = waiting(limits, NEVER);
        assertThat(limits.tryRetry(true)).isTrue();
        assertThat(get(waits)).isEqualTo(Admission.COUNTED);
        assertThat(limits.active()).isEqualTo(1);
        assertThat(limits.retries()).isEqualTo(1);
    }

    @Test
    void manyThreadsNeverPassTheLimitAndAllAreServed() throws Exception {
        int max = 3;
        ClusterLimits limits = limits(connections(max));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Callable<Integer> client = () -> {
            int served = 0;
            for (int i = 0; i < 300; i++) {
                if (ask(limits, NEVER) == Admission.COUNTED) {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.yield();
                    running.decrementAndGet();
                    limits.release();
                    served++;
                }
            }
            return served;
        };
        List<Future<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(threads.submit(client));
        }
        for (Future<Integer> served : clients) {
            assertThat(served.get(60, TimeUnit.SECONDS)).isEqualTo(300);
        }
        assertThat(most.get()).isBetween(1, max);
        assertThat(limits.active() + limits.pending()).isZero();
    }
}
