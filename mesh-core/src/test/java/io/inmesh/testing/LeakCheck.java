package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.internal.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * JUnit extension: after every test the hosts and meshes that it was shown have nothing in flight, those meshes are
 * closed, and no thread of any mesh lives on.
 */
public final class LeakCheck implements AfterEachCallback {
    private final List<Host> hosts = new ArrayList<>();
    private final List<Mesh> meshes = new ArrayList<>();

    /** Watches a host. */
    public Host watch(Host host) {
        hosts.add(host);
        return host;
    }

    /** Watches a mesh and closes it after the test. */
    public Mesh watch(Mesh mesh) {
        meshes.add(mesh);
        return mesh;
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        meshes.forEach(Mesh::close);
        List<String> alive = new ArrayList<>();
        for (Thread thread : threadsOfMeshes()) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            if (thread.isAlive()) {
                alive.add(thread.getName());
            }
        }
        assertThat(alive).as("threads of meshes that are still alive").isEmpty();
        // After the threads, which may have been about to end an attempt.
        assertThat(hosts).as("hosts with attempts that did not end").allMatch(host -> host.activeRequests() == 0);
        assertThat(meshes)
                .as("meshes with attempts that did not end")
                .allMatch(mesh -> MeshTesting.activeRequests(mesh) == 0);
    }

    private static List<Thread> threadsOfMeshes() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inmesh-"))
                .toList();
    }
}
