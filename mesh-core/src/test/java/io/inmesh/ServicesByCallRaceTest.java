package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.time.PerThreadRandom;
import io.inmesh.internal.time.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A service is dropped at the moment at which it is called. */
class ServicesByCallRaceTest extends ServicesByCallFixture {
    /**
     * Callers against a clock that races: the service is dropped again and again while it is called. A call goes to the
     * endpoint or passes through, none fails, and the service always comes back.
     */
    @Test
    void droppingAndCallingMayMeetAtAnyMoment() throws Exception {
        registry.offer(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Threads real = Threads.daemon();
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(rules)
                .endpoints(registry)
                .self(WorkloadIdentity.DEFAULT.with("shop", Map.of()))
                .idleServices(Duration.ofSeconds(1))
                .publishInterval(Duration.ZERO)
                .machinery(
                        clock,
                        PerThreadRandom.INSTANCE,
                        new Threads(real.control(), clock, real.blocking(), real.copies(), real::close))
                .build());
        AtomicInteger passed = new AtomicInteger();
        AtomicInteger balanced = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        List<Future<?>> calls = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            calls.add(callers.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    String answer = call(mesh, URL);
                    if (answer.equals("passed through")) {
                        passed.incrementAndGet();
                    } else {
                        assertThat(answer).isEqualTo("10.0.0.1:9080");
                        balanced.incrementAndGet();
                    }
                }
                return null;
            }));
        }
        callers.shutdown();
        while (!callers.isTerminated()) {
            clock.advance(Duration.ofMillis(200));
            Thread.yield();
        }
        for (Future<?> call : calls) {
            call.get(30, TimeUnit.SECONDS);
        }

        assertThat(passed.get() + balanced.get()).isEqualTo(80_000);
        assertThat(passed).hasPositiveValue();
        assertThat(balanced).hasPositiveValue();
        assertThat(registry.opened().size()).as("watches over time").isGreaterThan(1);
        assertThat(registry.watched().size()).isLessThanOrEqualTo(1);
        assertThat(mesh.status().problems()).isEmpty();
        String last = "passed through";
        for (int i = 0; i < 1_000_000 && last.equals("passed through"); i++) {
            last = call(mesh, URL);
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(last).isEqualTo("10.0.0.1:9080");
    }
}
