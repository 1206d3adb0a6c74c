package io.inmesh.kubernetes.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.testing.KubernetesJson;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** C12: what waits for a table that is slow. */
class InboxTest {
    private final AtomicInteger announced = new AtomicInteger();
    private final Inbox<Service> inbox = new Inbox<>(announced::incrementAndGet);

    @Test
    void holdsOneChangeOfEachObjectHoweverManyThereWere() {
        List<Service> services =
                IntStream.range(0, 100).mapToObj(i -> service("s" + i)).toList();
        for (int round = 0; round < 1000; round++) {
            services.forEach(inbox::applied);
        }
        services.subList(0, 10).forEach(service -> inbox.deleted(service.key()));

        assertThat(announced).hasValue(1);
        Inbox.Batch<Service> batch = inbox.take();
        assertThat(batch.whole()).isNull();
        assertThat(batch.changes()).hasSize(100);
        assertThat(batch.changes().values().stream().filter(Optional::isEmpty)).hasSize(10);
        assertThat(inbox.take().changes()).as("taken once").isEmpty();
    }

    @Test
    void holdsOneWholeStateHoweverManyThereWere() {
        for (int round = 0; round < 1000; round++) {
            inbox.applied(service("before"));
            inbox.replaced(List.of(service("s" + round)));
        }
        inbox.applied(service("after"));

        assertThat(announced).hasValue(1);
        Inbox.Batch<Service> batch = inbox.take();
        assertThat(batch.whole()).extracting(Service::key).containsExactly(new ObjectKey("shop", "s999"));
        assertThat(batch.changes()).containsOnlyKeys(new ObjectKey("shop", "after"));
    }

    @Test
    void announcesAgainWhatComesAfterItWasTaken() {
        inbox.refused(new Refusal(Refusal.Reason.FORBIDDEN, "no"));
        assertThat(inbox.take().refusal()).isNotNull();
        inbox.allowed();

        assertThat(announced).hasValue(2);
        assertThat(inbox.take().refusal()).isNull();
    }

    private static Service service(String name) {
        return KubernetesJson.read(Resources.SERVICES, KubernetesJson.service("shop", name));
    }
}
