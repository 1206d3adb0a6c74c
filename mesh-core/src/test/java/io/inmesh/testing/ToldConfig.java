package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the watch of a source of rules was told, in order, and the configuration that a listener has in force after it. Notes
 * callbacks that overlap and those that begin after the watch is closed.
 */
final class ToldConfig implements Consumer<ConfigUpdate> {
    private static final long SECONDS = 20;

    private final BlockingQueue<ConfigUpdate> updates = new LinkedBlockingQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private volatile boolean closed;

    private MeshConfig inForce = MeshConfig.EMPTY;

    @Override
    public void accept(ConfigUpdate update) {
        if (closed) {
            late.incrementAndGet();
        }
        if (running.incrementAndGet() != 1) {
            overlaps.incrementAndGet();
        }
        // Gives a second callback the chance to come in between.
        Thread.yield();
        updates.add(update);
        running.decrementAndGet();
    }

    /** Says that closing has returned: a callback that begins from here on is late. */
    void closed() {
        closed = true;
    }

    /** How many callbacks were late. */
    int late() {
        return late.get();
    }

    /** How many callbacks began while another one ran. */
    int overlaps() {
        return overlaps.get();
    }

    /** The next update if it has been told already, null if not. */
    @Nullable
    ConfigUpdate told() {
        return takenOver(updates.poll());
    }

    /** The next update, waited for. */
    ConfigUpdate next() throws InterruptedException {
        ConfigUpdate update = takenOver(updates.poll(SECONDS, TimeUnit.SECONDS));
        assertThat(update)
                .as("an update within %s s; in force is %s", SECONDS, hosts())
                .isNotNull();
        return update;
    }

    /** The first update after which the rules in force have exactly these hosts, and all is well. */
    void untilHosts(String... hosts) throws InterruptedException {
        while (!(next() instanceof ConfigUpdate.Valid && hosts().equals(Set.of(hosts)))) {}
    }

    /** Hosts of the rules in force: an update that is refused leaves them as they were. */
    Set<String> hosts() {
        return hosts(inForce);
    }

    /** Hosts of the rules of a configuration. */
    static Set<String> hosts(MeshConfig config) {
        return config.destinationRules().stream().map(DestinationRule::host).collect(Collectors.toSet());
    }

    private @Nullable ConfigUpdate takenOver(@Nullable ConfigUpdate update) {
        if (update instanceof ConfigUpdate.Valid valid) {
            inForce = valid.config();
        } else if (update instanceof ConfigUpdate.Partial partial) {
            inForce = partial.config();
        }
        if (update != null) {
            check(update);
        }
        return update;
    }

    private static void check(ConfigUpdate update) {
        List<ConfigProblem> problems = update.problems();
        long errors = problems.stream().filter(ConfigProblem::isError).count();
        if (update instanceof ConfigUpdate.Valid) {
            assertThat(errors).as("errors of %s", update).isZero();
        } else {
            assertThat(errors).as("errors of %s", update).isPositive();
        }
        assertThat(problems.subList(0, (int) errors)).as("errors come first").allMatch(ConfigProblem::isError);
        assertThat(problems)
                .allSatisfy(problem -> assertThat(problem.message()).isNotBlank())
                .allSatisfy(problem -> assertThat(problem.origin().source()).isNotBlank());
    }
}
