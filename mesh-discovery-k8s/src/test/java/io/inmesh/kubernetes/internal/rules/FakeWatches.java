package io.inmesh.kubernetes.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.time.DaemonThreads;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** Watches that say what a test tells them to say. Thread-safe. */
final class FakeWatches implements Reflectors {
    private final List<Fake> started = new CopyOnWriteArrayList<>();

    private final ExecutorService thread = DaemonThreads.scheduler("test-watches");

    /** Done with each watch as it begins, on a thread of its own as real watches have it. */
    volatile Consumer<Fake> onStart = watch -> {};

    /** What went wrong last for each watch from its very beginning, before that thread comes to it. */
    volatile String failureOfNew = "";

    /** One watch. */
    static final class Fake implements Running {
        final Selection<CustomResource> selection;
        final ReflectorListener<CustomResource> listener;
        volatile boolean closed;
        volatile String lastFailure = "";

        Fake(Selection<CustomResource> selection, ReflectorListener<CustomResource> listener) {
            this.selection = selection;
            this.listener = listener;
        }

        String name() {
            return selection.type().kind() + " " + selection.type().version() + " " + selection.namespace();
        }

        void tell(CustomResource... objects) {
            listener.replaced(List.of(objects));
        }

        void forbid() {
            listener.refused(new ReflectorListener.Refusal(
                    ReflectorListener.Refusal.Reason.FORBIDDEN,
                    "cannot list " + selection.type().plural() + " in \"" + selection.namespace() + "\""));
        }

        void notServed() {
            listener.refused(
                    new ReflectorListener.Refusal(ReflectorListener.Refusal.Reason.NOT_SERVED, "404 page not found"));
        }

        @Override
        public ReflectorStatus status() {
            return new ReflectorStatus(
                    selection.toString(),
                    ReflectorStatus.State.WATCHING,
                    true,
                    Instant.parse("2026-01-01T00:00:00Z"),
                    "1",
                    0,
                    lastFailure,
                    new ReflectorStatus.Counts(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Override
    @SuppressWarnings("unchecked") // Rules are custom resources and nothing else.
    public <T extends KubernetesObject> Running start(Selection<T> selection, ReflectorListener<T> listener) {
        Fake fake = new Fake((Selection<CustomResource>) selection, (ReflectorListener<CustomResource>) listener);
        fake.lastFailure = failureOfNew;
        started.add(fake);
        thread.execute(() -> onStart.accept(fake));
        return fake;
    }

    /** Ends the thread. */
    void end() {
        thread.shutdownNow();
    }

    /** All that were begun, in order. */
    List<String> started() {
        return started.stream().map(Fake::name).toList();
    }

    /** Those that are open. */
    List<String> open() {
        return started.stream().filter(watch -> !watch.closed).map(Fake::name).toList();
    }

    /** The last one begun of a kind. */
    Fake of(String kind) {
        List<Fake> all = started.stream()
                .filter(watch -> watch.selection.type().kind().equals(kind))
                .toList();
        assertThat(all).as("watches of %s", kind).isNotEmpty();
        return all.get(all.size() - 1);
    }

    /** The one begun by this name. */
    Fake named(String name) {
        return started.stream()
                .filter(watch -> watch.name().equals(name))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no watch " + name + " among " + started()));
    }
}
