package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.MeshConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ConfigSource} keeps to. A source's test extends it and says where its rules come from; that of a source
 * that follows changes extends {@link FollowingConfigSourceContract}.
 */
public abstract class ConfigSourceContract {
    private static final long SECONDS = 20;

    private final List<ConfigSource> opened = new ArrayList<>();

    /** Makes a source of what the back end holds, which nobody watches yet. It is closed after the test. */
    protected abstract ConfigSource source() throws Exception;

    /**
     * Has the back end hold an object from now on.
     *
     * @param name of the object; an object that has it already is replaced
     * @param json the object, which is YAML as well
     */
    protected abstract void put(String name, String json) throws Exception;

    /** Ends the back end, after all sources are closed. */
    protected void closeBackEnd() throws Exception {}

    /** A source that is closed after the test. */
    final ConfigSource open() throws Exception {
        ConfigSource source = source();
        opened.add(source);
        return source;
    }

    /** A rule that is good, for a host. */
    static String rule(String name, String host) {
        return json(name, '"' + host + '"');
    }

    /** A rule that nobody can use. */
    static String brokenRule(String name) {
        return json(name, "{}");
    }

    private static String json(String name, String host) {
        return """
                {"apiVersion": "networking.istio.io/v1", "kind": "DestinationRule",
                 "metadata": {"name": "%s", "namespace": "shop"}, "spec": {"host": %s}}
                """.formatted(name, host);
    }

    @AfterEach
    void close() throws Exception {
        opened.forEach(ConfigSource::close);
        closeBackEnd();
    }

    @Test
    void theFirstUpdateIsToldBeforeWatchReturns() throws Exception {
        put("one", rule("one", "one.example.com"));
        put("two", rule("two", "two.example.com"));
        ToldConfig told = new ToldConfig();

        AutoCloseable watch = open().watch(told);

        assertThat(told.told()).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(told.hosts()).containsExactlyInAnyOrder("one.example.com", "two.example.com");
        watch.close();
    }

    @Test
    void whoBeginsWithARefusedObjectIsToldWhyAndWhatIsGood() throws Exception {
        put("good", rule("good", "good.example.com"));
        put("bad", brokenRule("bad"));
        ToldConfig told = new ToldConfig();

        AutoCloseable watch = open().watch(told);

        ConfigUpdate first = told.told();
        assertThat(first).isNotNull().isNotInstanceOf(ConfigUpdate.Valid.class);
        MeshConfig usable = first instanceof ConfigUpdate.Invalid invalid
                ? invalid.remainder()
                : ((ConfigUpdate.Partial) first).config();
        assertThat(ToldConfig.hosts(usable)).containsExactly("good.example.com");
        assertThat(first.problems().get(0).path()).isEqualTo("spec.host");
        assertThat(first.problems().get(0).object()).isEqualTo("DestinationRule shop/bad");
        watch.close();
    }

    @Test
    void hasANameThatStays() throws Exception {
        put("one", rule("one", "one.example.com"));
        ConfigSource source = open();
        String name = source.name();
        assertThat(name).isNotBlank();

        AutoCloseable watch = source.watch(update -> {});
        assertThat(source.name()).isEqualTo(name);
        watch.close();
        source.close();

        assertThat(source.name()).isEqualTo(name);
    }

    @Test
    void mayBeClosedAgainAndInAnyOrder() throws Exception {
        put("one", rule("one", "one.example.com"));
        ConfigSource unwatched = open();
        unwatched.close();
        unwatched.close();
        ConfigSource watchFirst = open();
        ToldConfig told = new ToldConfig();
        AutoCloseable watch = watchFirst.watch(told);
        watch.close();
        watch.close();
        watchFirst.close();
        watchFirst.close();
        ConfigSource sourceFirst = open();
        AutoCloseable other = sourceFirst.watch(told);
        sourceFirst.close();
        other.close();

        assertThat(told.told()).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(told.told()).as("of the other watch").isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(told.told()).isNull();
    }

    @Test
    void whetherItIsCurrentIsAnsweredWhileAListenerIsSlow() throws Exception {
        put("one", rule("one", "one.example.com"));
        ConfigSource source = open();
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<AutoCloseable> watch = threads.submit(() -> source.watch(update -> {
                listening.countDown();
                await(enough);
            }));
            assertThat(listening.await(SECONDS, TimeUnit.SECONDS)).isTrue();

            assertThat(threads.submit(source::current).get(SECONDS, TimeUnit.SECONDS))
                    .isTrue();

            enough.countDown();
            watch.get(SECONDS, TimeUnit.SECONDS).close();
        } finally {
            enough.countDown();
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
