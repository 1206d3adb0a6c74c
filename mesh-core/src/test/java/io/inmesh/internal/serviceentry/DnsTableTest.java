package io.inmesh.internal.serviceentry;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.DnsResolver;
import io.inmesh.internal.time.ControlThread;
import io.inmesh.testing.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DnsTableTest {
    private static final String NAME = "api.example.com";
    private static final Duration TTL = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock();
    private final ScriptedResolver resolver = new ScriptedResolver();
    private final Queue<Runnable> blocking = new ArrayDeque<>();
    private final Set<String> resting = new HashSet<>();
    private int changes;

    /** Gives its answers in order and repeats the last. */
    private static final class ScriptedResolver implements DnsResolver {
        private final Queue<List<String>> answers = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();
        private List<String> last = List.of();
        private boolean broken;

        void will(String... addresses) {
            answers.add(List.of(addresses));
        }

        @Override
        public List<InetAddress> resolve(String host) throws UnknownHostException {
            asked.add(host);
            if (broken) {
                throw new UnknownHostException(host);
            }
            if (!answers.isEmpty()) {
                last = answers.remove();
            }
            List<InetAddress> addresses = new ArrayList<>();
            for (String address : last) {
                addresses.add(InetAddress.getByName(address));
            }
            return addresses;
        }
    }

    private DnsTable table(RandomGenerator random) {
        ControlThread thread = new ControlThread(Runnable::run, clock, clock, random);
        DnsLookup lookup = new DnsLookup(resolver, DnsLookupFamily.AUTO, () -> false);
        return new DnsTable(lookup, TTL, resting::contains, thread, blocking::add, () -> changes++);
    }

    /** A table without jitter: every wait is as long as it can be. */
    private DnsTable table() {
        return table(() -> 0L);
    }

    private void runLookups() {
        for (Runnable lookup = blocking.poll(); lookup != null; lookup = blocking.poll()) {
            lookup.run();
        }
    }

    private void advance(Duration duration) {
        clock.advance(duration);
        runLookups();
    }

    @Test
    void looksUpOnAThreadThatMayWait() {
        resolver.will("10.0.0.2", "10.0.0.1", "10.0.0.2");
        DnsTable table = table();

        table.follow(Set.of(NAME));

        assertThat(resolver.asked).isEmpty();
        assertThat(table.waitNanos(Set.of(NAME), 5_000)).isEqualTo(5_000);
        runLookups();
        assertThat(resolver.asked).containsExactly(NAME);
        assertThat(table.addresses(NAME)).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(table.firstAddress(NAME)).isEqualTo("10.0.0.2");
        assertThat(table.failure(NAME)).isNull();
        assertThat(table.waitNanos(Set.of(NAME), 5_000)).isZero();
        assertThat(changes).isEqualTo(1);
    }

    @Test
    void asksAgainWhenTheTimeToLiveIsOverAndNotBefore() {
        resolver.will("10.0.0.1");
        resolver.will("10.0.0.7");
        DnsTable table = table();
        table.follow(Set.of(NAME));
        runLookups();

        advance(TTL.minusNanos(1));
        assertThat(resolver.asked).hasSize(1);
        advance(Duration.ofNanos(1));

        assertThat(resolver.asked).hasSize(2);
        assertThat(table.addresses(NAME)).containsExactly("10.0.0.7");
        assertThat(changes).isEqualTo(2);
    }

    @Test
    void theSameAddressesInAnotherOrderAreNoChange() {
        resolver.will("10.0.0.1", "10.0.0.2");
        resolver.will("10.0.0.2", "10.0.0.1");
        DnsTable table = table();
        table.follow(Set.of(NAME));
        runLookups();

        advance(TTL);

        assertThat(resolver.asked).hasSize(2);
        assertThat(table.firstAddress(NAME)).isEqualTo("10.0.0.1");
        assertThat(changes).isEqualTo(1);
    }

    @Test
    void theFirstAddressMovesWhenItIsGone() {
        resolver.will("10.0.0.2", "10.0.0.3");
        resolver.will("10.0.0.3", "10.0.0.1");
        DnsTable table = table();
        table.follow(Set.of(NAME));
        runLookups();

        advance(TTL);

        assertThat(table.firstAddress(NAME)).isEqualTo("10.0.0.3");
    }

    @Test
    void theFirstAddressMovesToOneThatCanBeConnectedTo() {
        resolver.will("10.0.0.1", "10.0.0.2", "10.0.0.3");
        DnsTable table = table();
        table.follow(Set.of(NAME));
        runLookups();

        resting.addAll(Set.of("10.0.0.1", "10.0.0.2"));
        advance(TTL);
        assertThat(table.firstAddress(NAME)).isEqualTo("10.0.0.3");
        assertThat(changes).isEqualTo(2);

        resting.add("10.0.0.3");
        advance(TTL);
        assertThat(table.firstAddress(NAME)).as("when none can be").isEqualTo("10.0.0.3");
        resting.clear();
        advance(TTL);
        assertThat(table.firstAddress(NAME)).isEqualTo("10.0.0.3");
        assertThat(changes).isEqualTo(2);
    }

    @Test
    void aFailureKeepsTheLastGoodAnswerAndBacksOff() {
        resolver.will("10.0.0.1");
        DnsTable table = table();
        table.follow(Set.of(NAME));
        runLookups();

        resolver.broken = true;
        advance(TTL);

        assertThat(table.addresses(NAME)).containsExactly("10.0.0.1");
        assertThat(table.firstAddress(NAME)).isEqualTo("10.0.0.1");
        assertThat(table.failure(NAME)).isEqualTo("unknown host");
        assertThat(changes).isEqualTo(2);
        assertThat(waitsUntilNextLookups(7)).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(changes).isEqualTo(2);

        resolver.broken = false;
        advance(TTL);
        assertThat(table.failure(NAME)).isNull();
        assertThat(changes).isEqualTo(3);
        assertThat(waitsUntilNextLookups(1)).containsExactly(30L);
    }

    private List<Long> waitsUntilNextLookups(int count) {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int before = resolver.asked.size();
            long waited = 0;
            while (resolver.asked.size() == before && waited < 100) {
                advance(Duration.ofSeconds(1));
                waited++;
            }
            seconds.add(waited);
        }
        return seconds;
    }

    @Test
    void anEmptyAnswerNeverReplacesAGoodOne() {
        resolver.will("10.0.0.1");
        resolver.will();
        DnsTable table = table();
        table.follow(Set.of(NAME));
        runLookups();

        advance(TTL);

        assertThat(table.addresses(NAME)).containsExactly("10.0.0.1");
        assertThat(table.failure(NAME)).isEqualTo("the answer is empty");
    }

    @Test
    void aFirstFailureIsAnAnswer() {
        resolver.broken = true;
        DnsTable table = table();
        table.follow(Set.of(NAME));
        runLookups();

        assertThat(table.waitNanos(Set.of(NAME), 5_000)).isZero();
        assertThat(table.addresses(NAME)).isEmpty();
        assertThat(table.firstAddress(NAME)).isNull();
        assertThat(changes).isEqualTo(1);
    }

    @Test
    void aResolverThatThrowsAnythingElseIsAFailureToo() {
        DnsTable table = new DnsTable(
                new DnsLookup(
                        host -> {
                            throw new IllegalStateException("bug");
                        },
                        DnsLookupFamily.AUTO,
                        () -> false),
                TTL,
                address -> false,
                new ControlThread(Runnable::run, clock, clock, () -> 0L),
                Runnable::run,
                () -> changes++);

        table.follow(Set.of(NAME));

        assertThat(table.failure(NAME)).contains("bug");
        assertThat(clock.waitingTasks()).isEqualTo(1);
    }

    @Test
    void theWaitForAFirstAnswerIsBounded() {
        DnsTable table = table();
        table.follow(Set.of(NAME));

        clock.advance(Duration.ofNanos(4_000));
        assertThat(table.waitNanos(Set.of(NAME), 5_000)).isEqualTo(1_000);
        clock.advance(Duration.ofNanos(1_000));
        assertThat(table.waitNanos(Set.of(NAME), 5_000)).isZero();
    }

    @Test
    void aNameThatIsNotFollowedAnyMoreIsForgotten() {
        resolver.will("10.0.0.1");
        DnsTable table = table();
        table.follow(Set.of(NAME, "other.example.com"));
        Runnable late = blocking.remove();
        runLookups();

        table.follow(Set.of());
        late.run();

        assertThat(table.addresses(NAME)).isEmpty();
        assertThat(clock.waitingTasks()).isZero();
        advance(TTL);
        assertThat(resolver.asked).hasSize(2);
    }

    @Test
    void jitterSpreadsLookupsOverTheLastFifth() {
        resolver.will("10.0.0.1");
        DnsTable table = table(new SplittableRandom(5));
        table.follow(Set.of(NAME));
        runLookups();

        for (int i = 1; i <= 50; i++) {
            advance(Duration.ofSeconds(24).minusNanos(1));
            assertThat(resolver.asked).hasSize(i);
            Duration step = Duration.ofMillis(100);
            int steps = 0;
            while (resolver.asked.size() == i && steps < 62) {
                advance(step);
                steps++;
            }
            assertThat(steps).isLessThanOrEqualTo(61);
        }
    }
}
