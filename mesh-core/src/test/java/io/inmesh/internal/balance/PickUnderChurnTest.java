package io.inmesh.internal.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.internal.balance.Hosts.Picking;
import io.inmesh.internal.host.Host;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PickUnderChurnTest {
    private static final int THREADS = 4;
    private static final int REBUILDS = 2_000;

    private record Published(LoadBalancer balancer, Collection<Host> hosts) {}

    private volatile Published published;

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"})
    void everyPickIsAMemberOfTheListItWasMadeFrom(Simple policy) throws Exception {
        List<WeightedHost> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(new WeightedHost(Hosts.host(i), 1 + i % 3));
        }
        SplittableRandom random = new SplittableRandom(policy.ordinal());
        publish(policy, all, null, random);

        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger picks = new AtomicInteger();
        AtomicInteger strangers = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Picking context = new Picking(random.split(), Set.of());
                ends.add(executor.submit(() -> {
                    do {
                        Published now = published;
                        Host host = now.balancer.chooseHost(context);
                        host.requestStarted();
                        if (!now.hosts.contains(host)) {
                            strangers.incrementAndGet();
                        }
                        picks.incrementAndGet();
                        host.requestEnded();
                    } while (!done.get());
                }));
            }
            for (int i = 0; i < REBUILDS; i++) {
                int from = random.nextInt(all.size() - 1);
                int to = from + 1 + random.nextInt(all.size() - from);
                publish(policy, all.subList(from, Math.min(to, all.size())), published.balancer, random);
            }
            done.set(true);
            for (Future<?> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
        } finally {
            done.set(true);
            executor.shutdownNow();
        }

        assertThat(picks.get()).isGreaterThanOrEqualTo(THREADS);
        assertThat(strangers).hasValue(0);
        assertThat(all)
                .allSatisfy(host -> assertThat(host.host().activeRequests()).isZero());
    }

    private void publish(Simple policy, List<WeightedHost> hosts, LoadBalancer previous, SplittableRandom random) {
        published = new Published(
                LoadBalancer.of(policy, hosts, previous, random),
                hosts.stream().map(WeightedHost::host).toList());
    }
}
