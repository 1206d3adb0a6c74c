package io.inmesh.kubernetes.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus.State;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.testing.KubernetesJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reflectors that say what a test says. */
final class FakeReflectors implements Reflectors {
    private final List<Fake<?>> started = new ArrayList<>();

    /** One reflector. */
    static final class Fake<T extends KubernetesObject> implements Running {
        private final Selection<T> selection;
        private final ReflectorListener<T> listener;
        private State state = State.LISTING;
        private boolean synced;
        private boolean closed;

        Fake(Selection<T> selection, ReflectorListener<T> listener) {
            this.selection = selection;
            this.listener = listener;
        }

        Selection<T> selection() {
            return selection;
        }

        boolean closed() {
            return closed;
        }

        void sync(String... objects) {
            assertThat(closed).as("%s is closed", selection).isFalse();
            synced = true;
            state = State.WATCHING;
            listener.replaced(Arrays.stream(objects)
                    .map(json -> KubernetesJson.read(selection.type(), json))
                    .toList());
        }

        void apply(String object) {
            assertThat(closed).as("%s is closed", selection).isFalse();
            listener.applied(KubernetesJson.read(selection.type(), object));
        }

        void delete(String namespace, String name) {
            listener.deleted(new ObjectKey(namespace, name));
        }

        void refuse(Refusal.Reason reason) {
            state = State.REFUSED;
            listener.refused(new Refusal(reason, selection + " is refused"));
        }

        void allow() {
            state = State.WATCHING;
            listener.allowed();
        }

        void lose() {
            state = State.BACKING_OFF;
        }

        @Override
        public ReflectorStatus status() {
            return new ReflectorStatus(
                    selection.toString(),
                    closed ? State.CLOSED : state,
                    synced,
                    synced ? Instant.EPOCH : null,
                    "1",
                    0,
                    "",
                    new ReflectorStatus.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Override
    public <T extends KubernetesObject> Running start(Selection<T> selection, ReflectorListener<T> listener) {
        Fake<T> fake = new Fake<>(selection, listener);
        started.add(fake);
        return fake;
    }

    /** Those of a resource that are open, oldest first. */
    @SuppressWarnings("unchecked")
    <T extends KubernetesObject> List<Fake<T>> open(ResourceType<T> type) {
        return started.stream()
                .filter(fake -> fake.selection.type() == type && !fake.closed)
                .map(fake -> (Fake<T>) fake)
                .toList();
    }

    /** The only one of a resource that is open. */
    <T extends KubernetesObject> Fake<T> only(ResourceType<T> type) {
        List<Fake<T>> open = open(type);
        assertThat(open).as("open watches of %s", type.qualifiedName()).hasSize(1);
        return open.get(0);
    }

    /** The newest of a resource. */
    <T extends KubernetesObject> Fake<T> newest(ResourceType<T> type) {
        List<Fake<T>> open = open(type);
        assertThat(open).as("open watches of %s", type.qualifiedName()).isNotEmpty();
        return open.get(open.size() - 1);
    }

    List<String> openSelections() {
        return started.stream()
                .filter(fake -> !fake.closed)
                .map(fake -> fake.selection.toString())
                .sorted()
                .toList();
    }
}
