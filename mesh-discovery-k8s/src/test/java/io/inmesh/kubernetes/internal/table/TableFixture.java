package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.kubernetes.testing.ManualTiming;
import io.inmesh.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A table over reflectors and a clock that a test drives. */
final class TableFixture {
    static final Duration WAIT = Duration.ofSeconds(5);

    final ManualClock clock = new ManualClock();
    final FakeReflectors reflectors = new FakeReflectors();
    final StartWait startWait = new StartWait(WAIT, new ManualTiming(clock));
    final EndpointTable table;

    TableFixture() {
        this(settings(List.of(), false, EndpointMode.SLICES_OR_ENDPOINTS, false), null);
    }

    TableFixture(TableSettings settings, @Nullable Function<ManualClock, SnapshotFile> file) {
        SnapshotFile opened = file == null ? null : file.apply(clock);
        table = new EndpointTable(settings, reflectors, opened, new ManualTiming(clock), startWait, clock);
        run();
    }

    static TableSettings settings(List<String> namespaces, boolean all, EndpointMode endpoints, boolean nodes) {
        return new TableSettings(WorkloadIdentity.DEFAULT.with("shop", Map.of()), namespaces, all, endpoints, nodes);
    }

    /** What somebody was told of a service. */
    static final class Told {
        final List<ServiceEndpoints> all = new ArrayList<>();
        AutoCloseable handle = () -> {};

        ServiceEndpoints last() {
            return all.get(all.size() - 1);
        }

        List<String> addresses() {
            return endpoints().stream().map(Endpoint::address).sorted().toList();
        }

        List<Endpoint> endpoints() {
            return last().endpoints().getOrDefault(80, List.of());
        }
    }

    Told watch(String host) {
        return watch(host, false);
    }

    Told watch(String host, boolean labels) {
        Told told = new Told();
        told.handle = table.watch(new ServiceName(host), labels, told.all::add);
        run();
        return told;
    }

    /** Lets the table do what is due, and lets the set of services settle. */
    void settle() {
        clock.advance(Duration.ofMillis(50));
    }

    void run() {
        clock.runDueTasks();
    }

    void advance(Duration time) {
        clock.advance(time);
    }

    /** The server answers about a namespace that has just begun to be watched: no WorkloadEntries. */
    void answer(String[] services, String[] slices) {
        settle();
        reflectors.newest(Resources.SERVICES).sync(services);
        reflectors.newest(Resources.ENDPOINT_SLICES).sync(slices);
        reflectors.newest(Resources.WORKLOAD_ENTRIES).refuse(Reason.NOT_SERVED);
        run();
    }

    static String[] of(String... objects) {
        return objects;
    }

    /** All that is told, from now on, of the workloads of namespace {@code shop} with {@code app: vm}. */
    List<List<Workload>> workloads() {
        List<List<Workload>> told = new ArrayList<>();
        AutoCloseable unused = table.watchWorkloads(new WorkloadSelector("shop", Map.of("app", "vm")), told::add);
        run();
        return told;
    }
}
