package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every {@link EndpointSource} keeps to. A source's test extends it and says how its back end is changed. */
public abstract class EndpointSourceContract {
    private static final long SECONDS = 20;

    /** Port of every service that the contract makes. */
    protected static final int PORT = 9080;

    /** Label that every endpoint carries, with value {@code v1}. */
    protected static final String LABEL = "version";

    /** The source under test, the same for the whole test; its back end knows no service yet. */
    protected abstract EndpointSource source();

    /** A name that the source may know. */
    protected abstract ServiceName service();

    /** Has the back end know the service, with ready endpoints at exactly these addresses and the label. */
    protected abstract void serve(ServiceName service, String... addresses);

    /** What one watch was told, in order; fails on two callbacks at a time. */
    private static final class Told<T> implements Consumer<T> {
        private final BlockingQueue<T> updates = new LinkedBlockingQueue<>();
        private final AtomicBoolean busy = new AtomicBoolean();
        private final AtomicInteger overlaps = new AtomicInteger();

        @Override
        public void accept(T update) {
            if (!busy.compareAndSet(false, true)) {
                overlaps.incrementAndGet();
            }
            // Gives a second callback the chance to come in between.
            Thread.yield();
            updates.add(update);
            busy.set(false);
        }

        T next() throws InterruptedException {
            T update = updates.poll(SECONDS, TimeUnit.SECONDS);
            assertThat(update).as("an update within %s s", SECONDS).isNotNull();
            return update;
        }

        /** The first update that has exactly these addresses; what comes before is passed over. */
        static ServiceEndpoints untilAddresses(Told<ServiceEndpoints> told, String... addresses)
                throws InterruptedException {
            ServiceEndpoints update = told.next();
            while (!addresses(update).equals(Set.of(addresses))) {
                update = told.next();
            }
            return update;
        }
    }

    private static Set<String> addresses(ServiceEndpoints update) {
        return update.endpoints().getOrDefault(PORT, List.of()).stream()
                .map(Endpoint::address)
                .collect(Collectors.toSet());
    }

    @Test
    void theFirstCallbackComesWithoutAChange() throws Exception {
        serve(service(), "10.1.0.1", "10.1.0.2");
        Told<ServiceEndpoints> told = new Told<>();

        try (AutoCloseable watch = source().watch(service(), told)) {
            assertThat(watch).isNotNull();
            ServiceEndpoints first = Told.untilAddresses(told, "10.1.0.1", "10.1.0.2");

            assertThat(first.service()).isEqualTo(service());
            assertThat(first.state()).isEqualTo(ServiceEndpoints.State.ENDPOINTS);
            assertThat(first.ports()).extracting(port -> port.number()).contains(PORT);
        }
    }

    @Test
    void everyCallbackIsTheWholeState() throws Exception {
        serve(service(), "10.1.0.1");
        Told<ServiceEndpoints> told = new Told<>();

        try (AutoCloseable watch = source().watch(service(), told)) {
            assertThat(watch).isNotNull();
            Told.untilAddresses(told, "10.1.0.1");
            serve(service(), "10.1.0.1", "10.1.0.2");
            Told.untilAddresses(told, "10.1.0.1", "10.1.0.2");
            serve(service(), "10.1.0.2");
            Told.untilAddresses(told, "10.1.0.2");
            serve(service());
            ServiceEndpoints last = Told.untilAddresses(told);

            assertThat(last.state()).as("scaled to zero is no absence").isEqualTo(ServiceEndpoints.State.ENDPOINTS);
        }
    }

    @Test
    void identityOutlivesAChangeOfOthers() throws Exception {
        serve(service(), "10.1.0.1");
        Told<ServiceEndpoints> told = new Told<>();

        try (AutoCloseable watch = source().watch(service(), told)) {
            assertThat(watch).isNotNull();
            String before = id(Told.untilAddresses(told, "10.1.0.1"), "10.1.0.1");
            serve(service(), "10.1.0.1", "10.1.0.2");

            assertThat(id(Told.untilAddresses(told, "10.1.0.1", "10.1.0.2"), "10.1.0.1"))
                    .isEqualTo(before);
        }
    }

    private static String id(ServiceEndpoints update, String address) {
        return update.endpoints().get(PORT).stream()
                .filter(endpoint -> endpoint.address().equals(address))
                .map(Endpoint::id)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void afterCloseNoCallbackStartsWhileOthersGoOn() throws Exception {
        serve(service(), "10.1.0.1");
        Told<ServiceEndpoints> closed = new Told<>();
        Told<ServiceEndpoints> open = new Told<>();
        AutoCloseable watch = source().watch(service(), closed);
        Told.untilAddresses(closed, "10.1.0.1");
        try (AutoCloseable other = source().watchWithLabels(service(), open)) {
            assertThat(other).isNotNull();
            Told.untilAddresses(open, "10.1.0.1");

            watch.close();
            closed.updates.clear();
            serve(service(), "10.1.0.2");
            Told.untilAddresses(open, "10.1.0.2");

            assertThat(closed.updates).isEmpty();
        }
    }

    @Test
    void aClosedWatchCanBeOpenedAgain() throws Exception {
        serve(service(), "10.1.0.1");
        Told<ServiceEndpoints> first = new Told<>();
        AutoCloseable watch = source().watch(service(), first);
        Told.untilAddresses(first, "10.1.0.1");
        watch.close();
        Told<ServiceEndpoints> second = new Told<>();

        try (AutoCloseable again = source().watch(service(), second)) {
            assertThat(again).isNotNull();
            Told.untilAddresses(second, "10.1.0.1");
        }
    }

    @Test
    void whoAsksForLabelsGetsThem() throws Exception {
        serve(service(), "10.1.0.1");
        Told<ServiceEndpoints> plain = new Told<>();
        Told<ServiceEndpoints> labelled = new Told<>();

        try (AutoCloseable without = source().watch(service(), plain);
                AutoCloseable with = source().watchWithLabels(service(), labelled)) {
            assertThat(without).isNotNull();
            assertThat(with).isNotNull();
            Told.untilAddresses(plain, "10.1.0.1");
            ServiceEndpoints update = Told.untilAddresses(labelled, "10.1.0.1");
            while (!"v1".equals(update.endpoints().get(PORT).get(0).labels().get(LABEL))) {
                update = labelled.next();
            }
        }
    }

    @Test
    void callbacksOfAWatchComeOneAtATime() throws Exception {
        serve(service(), "10.1.0.1");
        Told<ServiceEndpoints> told = new Told<>();

        try (AutoCloseable watch = source().watch(service(), told)) {
            assertThat(watch).isNotNull();
            Thread[] writers = new Thread[4];
            for (int writer = 0; writer < writers.length; writer++) {
                String address = "10.1.1." + writer;
                writers[writer] = new Thread(() -> {
                    for (int i = 0; i < 50; i++) {
                        serve(service(), address);
                    }
                });
                writers[writer].start();
            }
            for (Thread writer : writers) {
                writer.join(TimeUnit.SECONDS.toMillis(SECONDS));
            }
            serve(service(), "10.1.0.9");
            Told.untilAddresses(told, "10.1.0.9");

            assertThat(told.overlaps).hasValue(0);
        }
    }

    @Test
    void namesAreToldWithoutBeingAskedForEach() throws Exception {
        Told<Set<ServiceName>> told = new Told<>();

        try (AutoCloseable watch = source().watchNames(told)) {
            assertThat(watch).isNotNull();
            assertThat(told.next()).as("a source that offers nothing says so").isNotNull();
        }
    }

    @Test
    void afterTheSourceIsClosedNothingIsTold() throws Exception {
        serve(service(), "10.1.0.1");
        Told<ServiceEndpoints> told = new Told<>();
        AutoCloseable watch = source().watch(service(), told);
        Told.untilAddresses(told, "10.1.0.1");

        source().close();
        told.updates.clear();
        serve(service(), "10.1.0.2");

        assertThat(told.updates).isEmpty();
        watch.close();
    }
}
