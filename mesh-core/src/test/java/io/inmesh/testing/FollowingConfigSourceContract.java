package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ConfigSource} keeps to that follows its back end. {@link #put} and {@link #remove} are called by several
 * threads at once, with different names.
 */
public abstract class FollowingConfigSourceContract extends ConfigSourceContract {
    private static final long SECONDS = 20;
    private static final int CHANGES = 40;

    /** Has the back end forget an object. */
    protected abstract void remove(String name) throws Exception;

    private void putRule(String name, String host) throws Exception {
        put(name, rule(name, host));
    }

    @Test
    void everyUpdateIsTheWholeConfiguration() throws Exception {
        putRule("one", "one.example.com");
        ToldConfig told = new ToldConfig();
        AutoCloseable watch = open().watch(told);
        told.untilHosts("one.example.com");

        putRule("two", "two.example.com");
        told.untilHosts("one.example.com", "two.example.com");
        putRule("one", "other.example.com");
        told.untilHosts("other.example.com", "two.example.com");
        remove("two");
        told.untilHosts("other.example.com");
        remove("one");
        told.untilHosts();

        watch.close();
    }

    @Test
    void whatIsRefusedLeavesTheLastGoodVersionInForce() throws Exception {
        putRule("one", "one.example.com");
        putRule("two", "two.example.com");
        ToldConfig told = new ToldConfig();
        AutoCloseable watch = open().watch(told);
        told.untilHosts("one.example.com", "two.example.com");

        put("one", brokenRule("one"));
        ConfigUpdate refused = told.next();
        while (refused instanceof ConfigUpdate.Valid) {
            refused = told.next();
        }

        assertThat(told.hosts()).containsExactlyInAnyOrder("one.example.com", "two.example.com");
        assertThat(refused.problems().get(0).object()).isEqualTo("DestinationRule shop/one");
        if (refused instanceof ConfigUpdate.Partial partial) {
            assertThat(partial.current()).isFalse();
        }
        if (refused instanceof ConfigUpdate.Invalid invalid) {
            assertThat(ToldConfig.hosts(invalid.remainder())).containsExactly("two.example.com");
        }
        putRule("one", "mended.example.com");
        told.untilHosts("mended.example.com", "two.example.com");
        watch.close();
    }

    @Test
    void updatesComeOneAtATime() throws Exception {
        ToldConfig told = new ToldConfig();
        putRule("last", "first.example.com");
        ConfigSource source = open();
        AutoCloseable watch;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                String name = "writer-" + writer;
                writers.add(threads.submit(() -> changeManyTimes(name)));
            }
            // While changes come, so that the first update of a source that reads its rules here may have rivals.
            watch = source.watch(told);
            for (Future<?> writer : writers) {
                writer.get(SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        String host = CHANGES + ".example.com";
        putRule("last", "last.example.com");
        told.untilHosts(
                "writer-0." + host, "writer-1." + host, "writer-2." + host, "writer-3." + host, "last.example.com");

        assertThat(told.overlaps()).isZero();
        watch.close();
    }

    private Void changeManyTimes(String name) throws Exception {
        for (int change = 1; change <= CHANGES; change++) {
            putRule(name, name + "." + change + ".example.com");
        }
        return null;
    }

    @Test
    void afterTheWatchIsClosedNoCallbackStarts() throws Exception {
        ConfigSource source = open();
        ToldConfig told = new ToldConfig();
        putRule("storm", "calm.example.com");

        closeInAStorm(source.watch(told), told);
    }

    @Test
    void afterTheSourceIsClosedNoCallbackStarts() throws Exception {
        ConfigSource source = open();
        ToldConfig told = new ToldConfig();
        putRule("storm", "calm.example.com");
        AutoCloseable watch = source.watch(told);

        closeInAStorm(source, told);
        watch.close();
    }

    private void closeInAStorm(AutoCloseable closing, ToldConfig told) throws Exception {
        told.untilHosts("calm.example.com");
        ToldConfig witness = new ToldConfig();
        AutoCloseable other = open().watch(witness);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<?> storm = threads.submit(() -> changeManyTimes("storm"));
            told.next();
            closing.close();
            told.closed();
            storm.get(SECONDS, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        putRule("storm", "over.example.com");
        witness.untilHosts("over.example.com");

        assertThat(told.late()).isZero();
        other.close();
    }

    @Test
    void aListenerThatThrowsHearsOfTheNextChange() throws Exception {
        putRule("one", "one.example.com");
        ToldConfig told = new ToldConfig();
        AutoCloseable watch = open().watch(update -> {
            told.accept(update);
            if (update instanceof ConfigUpdate.Valid valid
                    && ToldConfig.hosts(valid.config()).contains("unheard.example.com")) {
                throw new IllegalStateException("the listener fails");
            }
        });
        told.untilHosts("one.example.com");
        try {
            putRule("one", "unheard.example.com");
        } catch (IllegalStateException toWhoeverChanges) {
            assertThat(toWhoeverChanges).hasMessage("the listener fails");
        }
        told.untilHosts("unheard.example.com");

        putRule("one", "two.example.com");

        told.untilHosts("two.example.com");
        watch.close();
    }
}
