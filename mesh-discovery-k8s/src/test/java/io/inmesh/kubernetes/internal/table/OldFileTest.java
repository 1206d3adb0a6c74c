package io.inmesh.kubernetes.internal.table;

import static io.inmesh.kubernetes.internal.table.TableFixture.WAIT;
import static io.inmesh.kubernetes.internal.table.TableFixture.of;
import static io.inmesh.kubernetes.testing.KubernetesJson.pod;
import static io.inmesh.kubernetes.testing.KubernetesJson.ready;
import static io.inmesh.kubernetes.testing.KubernetesJson.service;
import static io.inmesh.kubernetes.testing.KubernetesJson.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.table.TableFixture.Told;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import io.inmesh.kubernetes.internal.table.TableStatus.Source;
import io.inmesh.kubernetes.testing.ManualTiming;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told from the snapshot file stays until the server says otherwise. */
class OldFileTest {
    private static final String CART = "cart.shop.svc.cluster.local";

    @TempDir
    Path directory;

    @Test
    void keepsServicesThatWereToldWhenTheFileGrowsTooOld() {
        TableFixture first = withFile();
        first.watch(CART);
        first.reflectors.only(Resources.SERVICES).sync(service("shop", "cart"));
        first.run();
        first.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        first.advance(Duration.ofSeconds(30));
        TableFixture second = withFile();
        List<Set<ServiceName>> names = new ArrayList<>();
        AutoCloseable unused = second.table.watchNames(names::add);
        Told cart = second.watch(CART);
        second.advance(WAIT);
        assertThat(names).containsExactly(Set.of(new ServiceName(CART)));
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        second.advance(Duration.ofDays(2));
        AutoCloseable unusedLater = second.table.watchNames(names::add);
        Told other = second.watch(CART);

        assertThat(names).hasSize(2).containsOnly(Set.of(new ServiceName(CART)));
        assertThat(cart.all).hasSize(1);
        assertThat(other.all).isEqualTo(cart.all);
        assertThat(second.table.status().services()).containsEntry(CART, Source.SNAPSHOT);
    }

    @Test
    void tellsTheWorkloadsOfTheFileWhilePodsAreRefused() {
        TableFixture first = withFile();
        List<List<Workload>> before = first.workloads();
        first.reflectors.only(Resources.PODS).sync(pod("shop", "p", "vm", "v1", "10.0.0.1"));
        first.reflectors.newest(Resources.WORKLOAD_ENTRIES).sync();
        first.advance(Duration.ofSeconds(30));
        assertThat(before).hasSize(1);
        TableFixture second = withFile();
        List<List<Workload>> after = second.workloads();
        second.reflectors.only(Resources.PODS).refuse(Reason.FORBIDDEN);
        second.reflectors.newest(Resources.WORKLOAD_ENTRIES).sync();
        second.advance(WAIT);
        assertThat(after).isEqualTo(before);
        second.reflectors.only(Resources.PODS).sync();
        second.run();

        assertThat(after).hasSize(2).last().isEqualTo(List.of());
    }

    @Test
    void tellsTheFirstListOfPodsAsAWhole() {
        TableFixture first = withFile();
        List<List<Workload>> before = first.workloads();
        first.reflectors.newest(Resources.WORKLOAD_ENTRIES).sync();
        first.reflectors
                .only(Resources.PODS)
                .sync(pod("shop", "p", "vm", "v1", "10.0.0.1"), pod("shop", "q", "vm", "v1", "10.0.0.2"));
        first.advance(Duration.ofSeconds(30));
        assertThat(before).hasSize(1);
        TableFixture second = withFile();
        List<List<Workload>> after = second.workloads();
        second.reflectors.newest(Resources.WORKLOAD_ENTRIES).sync();
        second.advance(WAIT);
        second.reflectors
                .only(Resources.PODS)
                .sync(pod("shop", "p", "vm", "v1", "10.0.0.1"), pod("shop", "q", "vm", "v1", "10.0.0.3"));
        second.run();

        assertThat(after).hasSize(2).first().isEqualTo(before.get(0));
        assertThat(after.get(1)).extracting(Workload::address).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.3");
    }

    /** What the fake server says counts as confirmed at the epoch, so the file is a day short of too old. */
    private TableFixture withFile() {
        return new TableFixture(
                TableFixture.settings(List.of(), true, EndpointMode.SLICES_OR_ENDPOINTS, false),
                clock -> SnapshotFile.open(
                        directory.resolve("table"),
                        Duration.between(Instant.EPOCH, clock.now()).plusDays(1),
                        () -> "c",
                        new ManualTiming(clock),
                        clock));
    }
}
