package io.inmesh.kubernetes.internal.table;

import static io.inmesh.kubernetes.internal.table.TableFixture.WAIT;
import static io.inmesh.kubernetes.internal.table.TableFixture.of;
import static io.inmesh.kubernetes.testing.KubernetesJson.pod;
import static io.inmesh.kubernetes.testing.KubernetesJson.ready;
import static io.inmesh.kubernetes.testing.KubernetesJson.service;
import static io.inmesh.kubernetes.testing.KubernetesJson.slice;
import static io.inmesh.kubernetes.testing.KubernetesJson.workloadEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.PodMetadata;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.table.FakeReflectors.Fake;
import io.inmesh.kubernetes.internal.table.TableFixture.Told;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import io.inmesh.kubernetes.internal.table.TableStatus.Source;
import io.inmesh.kubernetes.testing.ManualTiming;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels, workloads, all services and the file. */
class TableNeedsTest {
    private static final String CART = "cart.shop.svc.cluster.local";
    private static final TableSettings ALL =
            TableFixture.settings(List.of(), true, EndpointMode.SLICES_OR_ENDPOINTS, false);

    @TempDir
    Path directory;

    @Test
    void watchesOnlySoManyNamespaces() {
        TableFixture fixture = new TableFixture();
        Told last = null;
        for (int i = 0; i <= 100; i++) {
            last = fixture.watch("a.b" + i + ".svc.cluster.local");
        }
        fixture.settle();
        assertThat(fixture.reflectors.open(Resources.SERVICES)).hasSize(100);
        fixture.advance(WAIT);

        assertThat(last.last().state()).isEqualTo(State.BY_NAME);
    }

    @Test
    void saysNothingOfNamespacesThatItMayNotSee() {
        TableFixture fixture = new TableFixture(ALL, null);
        Told other = fixture.watch("details.books.svc.cluster.local");
        fixture.reflectors.only(Resources.SERVICES).refuse(Reason.FORBIDDEN);
        fixture.run();
        fixture.reflectors.newest(Resources.SERVICES).sync(of());
        fixture.run();
        fixture.advance(WAIT);

        assertThat(other.last().state()).isEqualTo(State.BY_NAME);
    }

    // Labels

    @Test
    void tellsWhoWantsLabelsNothingWithoutThem() {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART, true);
        Told plain = fixture.watch(CART);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        assertThat(cart.all).isEmpty();
        assertThat(plain.addresses()).containsExactly("10.0.0.1");
        Fake<PodMetadata> pods = fixture.reflectors.only(Resources.POD_METADATA);
        assertThat(pods.selection().labelSelector()).isEqualTo("app=cart");
        pods.sync(pod("shop", "a", "cart", "v1", "10.0.0.1"));
        fixture.run();
        assertThat(versions(cart)).containsExactly("v1");
        assertThat(cart.all).hasSize(1);
        pods.apply(pod("shop", "a", "cart", "v2", "10.0.0.1"));
        fixture.run();

        assertThat(versions(cart)).containsExactly("v2");
    }

    @Test
    void watchesNoPodsWhereNobodyWantsLabels() throws Exception {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART, true);
        fixture.watch(CART);
        fixture.answer(of(service("shop", "cart")), of());
        assertThat(fixture.reflectors.open(Resources.POD_METADATA)).hasSize(1);
        cart.handle.close();
        fixture.settle();

        assertThat(fixture.reflectors.open(Resources.POD_METADATA)).isEmpty();
    }

    @Test
    void keepsTheOldLabelsWhileTheSelectorChanges() {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART, true);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        Fake<PodMetadata> old = fixture.reflectors.only(Resources.POD_METADATA);
        old.sync(pod("shop", "a", "cart", "v1", "10.0.0.1"));
        fixture.run();
        fixture.reflectors
                .only(Resources.SERVICES)
                .apply(service("shop", "cart").replace("\"app\": \"cart\"", "\"app\": \"c2\""));
        fixture.run();
        assertThat(versions(cart)).containsExactly("v1");
        assertThat(old.closed()).isFalse();
        Fake<PodMetadata> next = fixture.reflectors.newest(Resources.POD_METADATA);
        assertThat(next.selection().labelSelector()).isEqualTo("app=c2");
        next.sync(pod("shop", "a", "c2", "v3", "10.0.0.1"));
        fixture.run();

        assertThat(old.closed()).isTrue();
        assertThat(versions(cart)).containsExactly("v3");
    }

    @Test
    void doesWithoutLabelsThatAreForbiddenAndSaysSo() {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART, true);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        fixture.reflectors.only(Resources.POD_METADATA).refuse(Reason.FORBIDDEN);
        fixture.run();

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(fixture.table.status().problems())
                .singleElement()
                .asString()
                .contains("subsets of " + CART + " have no endpoints")
                .contains("pods of namespace shop with app=cart is refused");
    }

    @Test
    void doesWithoutLabelsThatDoNotCome() {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART, true);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        fixture.advance(WAIT.minusMillis(100));
        assertThat(cart.all).isEmpty();
        fixture.advance(Duration.ofMillis(100));

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
    }

    // Workloads

    @Test
    void tellsTheWorkloadsThatASelectorTakes() throws Exception {
        TableFixture fixture = new TableFixture();
        List<List<Workload>> told = new ArrayList<>();
        AutoCloseable handle =
                fixture.table.watchWorkloads(new WorkloadSelector("shop", Map.of("app", "vm")), told::add);
        fixture.run();
        assertThat(fixture.reflectors.only(Resources.PODS).selection().labelSelector())
                .isEqualTo("app=vm");
        fixture.reflectors.only(Resources.PODS).sync(pod("shop", "p", "vm", "v1", "10.0.0.1"));
        fixture.run();
        assertThat(told).isEmpty();
        fixture.reflectors
                .only(Resources.WORKLOAD_ENTRIES)
                .sync(
                        workloadEntry("shop", "vm-1", "vm", "10.9.0.1", 3),
                        workloadEntry("shop", "x", "other", "10.9.0.2", 1));
        fixture.run();
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).extracting(Workload::address).containsExactlyInAnyOrder("10.0.0.1", "10.9.0.1");
        fixture.reflectors.only(Resources.PODS).delete("shop", "p");
        fixture.run();
        assertThat(told.get(1)).extracting(Workload::address).containsExactly("10.9.0.1");
        handle.close();
        fixture.run();

        assertThat(fixture.reflectors.openSelections()).isEmpty();
    }

    @Test
    void tellsNoWorkloadsWhileNothingIsKnownOfThem() {
        TableFixture fixture = new TableFixture();
        List<List<Workload>> told = new ArrayList<>();
        AutoCloseable unused =
                fixture.table.watchWorkloads(new WorkloadSelector("shop", Map.of("app", "vm")), told::add);
        fixture.advance(Duration.ofMinutes(1));

        assertThat(told).isEmpty();
    }

    // All

    @Test
    void tellsNoNamesWhereServicesAreWatchedByNeed() {
        TableFixture fixture = new TableFixture();
        List<Set<ServiceName>> names = names(fixture);

        assertThat(names).containsExactly(Set.of());
        assertThat(fixture.reflectors.openSelections()).isEmpty();
    }

    @Test
    void watchesTheWholeClusterWhereAllIsWanted() {
        TableFixture fixture = new TableFixture(ALL, null);
        List<Set<ServiceName>> names = names(fixture);
        assertThat(names).isEmpty();
        fixture.reflectors.only(Resources.SERVICES).sync(service("shop", "cart"), service("bank", "pay"));
        fixture.run();
        assertThat(names).containsExactly(Set.of(new ServiceName(CART), new ServiceName("pay.bank.svc.cluster.local")));
        assertThat(fixture.reflectors.openSelections())
                .containsExactly(
                        "endpointslices.discovery.k8s.io of all namespaces",
                        "services of all namespaces",
                        "workloadentries.networking.istio.io of all namespaces");
        fixture.reflectors.only(Resources.SERVICES).delete("bank", "pay");
        fixture.run();

        assertThat(names).hasSize(2).last().isEqualTo(Set.of(new ServiceName(CART)));
    }

    @Test
    void watchesTheOwnNamespaceWhereAllIsForbiddenAndAllAgainOnceItIsAllowed() {
        TableFixture fixture = new TableFixture(ALL, null);
        List<Set<ServiceName>> names = names(fixture);
        Fake<Service> wide = fixture.reflectors.only(Resources.SERVICES);
        wide.refuse(Reason.FORBIDDEN);
        fixture.run();
        fixture.reflectors.newest(Resources.SERVICES).sync(service("shop", "cart"));
        fixture.reflectors
                .newest(Resources.ENDPOINT_SLICES)
                .sync(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")));
        fixture.reflectors.newest(Resources.WORKLOAD_ENTRIES).sync();
        fixture.run();
        assertThat(names).last().isEqualTo(Set.of(new ServiceName(CART)));
        Told cart = fixture.watch(CART);
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(fixture.watch("pay.bank.svc.cluster.local").all)
                .as("nobody can say that there is none")
                .isEmpty();
        assertThat(fixture.table.status().problems())
                .anyMatch(problem -> problem.startsWith("only services of namespace shop are watched: "));
        wide.sync(service("shop", "cart"), service("bank", "pay"));
        fixture.run();
        fixture.reflectors
                .newest(Resources.ENDPOINT_SLICES)
                .sync(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")));
        fixture.advance(Duration.ofSeconds(2));

        assertThat(names.get(names.size() - 1)).hasSize(2);
        assertThat(cart.all).hasSize(1);
        assertThat(fixture.table.status().problems()).noneMatch(problem -> problem.startsWith("only services"));
    }

    // File

    @Test
    void startsFromTheFileWhereTheServerIsAway() {
        TableFixture first = withFile();
        first.watch(CART, true);
        first.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        first.reflectors.only(Resources.POD_METADATA).sync(pod("shop", "a", "cart", "v1", "10.0.0.1"));
        first.run();
        first.advance(Duration.ofSeconds(30));
        TableFixture second = withFile();
        Told cart = second.watch(CART, true);
        Told stock = second.watch("stock.shop.svc.cluster.local");
        second.advance(WAIT);
        assertThat(versions(cart)).containsExactly("v1");
        assertThat(stock.last().state()).isEqualTo(State.BY_NAME);
        assertThat(second.table.status().services()).containsEntry(CART, Source.SNAPSHOT);
        second.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.2", "b"))));
        assertThat(versions(cart))
                .as("labels of the new state are not known yet")
                .containsExactly("v1");
        second.reflectors.only(Resources.POD_METADATA).sync(pod("shop", "b", "cart", "v2", "10.0.0.2"));
        second.run();

        assertThat(cart.addresses()).containsExactly("10.0.0.2");
        assertThat(versions(cart)).containsExactly("v2");
        assertThat(stock.last().state()).isEqualTo(State.ABSENT);
    }

    @Test
    void keepsWhatWasNeededWhenItEnds() throws Exception {
        TableFixture first = withFile();
        Told cart = first.watch(CART);
        first.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        cart.handle.close();
        first.advance(Duration.ofSeconds(30));
        TableFixture second = withFile();
        Told again = second.watch(CART);
        second.advance(WAIT);

        assertThat(again.addresses()).containsExactly("10.0.0.1");
    }

    @Test
    void keepsTheWorkloadsOfSelectorsToo() {
        TableFixture first = withFile();
        List<List<Workload>> before = first.workloads();
        first.reflectors.only(Resources.PODS).sync(pod("shop", "p", "vm", "v1", "10.0.0.1"));
        first.reflectors.only(Resources.WORKLOAD_ENTRIES).sync(workloadEntry("shop", "vm-1", "vm", "10.9.0.1", 3));
        first.advance(Duration.ofSeconds(30));
        assertThat(before).hasSize(1);
        assertThat(before.get(0)).hasSize(2);
        TableFixture second = withFile();
        List<List<Workload>> after = second.workloads();
        second.advance(WAIT.minusMillis(1));
        assertThat(after).isEmpty();
        second.advance(Duration.ofMillis(1));
        assertThat(after).isEqualTo(before);
        second.reflectors.only(Resources.PODS).sync();
        second.reflectors.only(Resources.WORKLOAD_ENTRIES).sync(workloadEntry("shop", "vm-1", "vm", "10.9.0.2", 3));
        second.run();

        assertThat(after.get(after.size() - 1)).extracting(Workload::address).containsExactly("10.9.0.2");
    }

    private TableFixture withFile() {
        return new TableFixture(
                TableFixture.settings(List.of(), false, EndpointMode.SLICES_OR_ENDPOINTS, false),
                clock -> SnapshotFile.open(
                        directory.resolve("table"),
                        Duration.ofDays(36_500),
                        () -> "c",
                        new ManualTiming(clock),
                        clock));
    }

    private static List<Set<ServiceName>> names(TableFixture fixture) {
        List<Set<ServiceName>> names = new ArrayList<>();
        AutoCloseable unused = fixture.table.watchNames(names::add);
        fixture.run();
        return names;
    }

    private static List<String> versions(Told told) {
        return told.endpoints().stream()
                .map(endpoint -> endpoint.labels().getOrDefault("version", ""))
                .toList();
    }
}
