package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.FileConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WorkloadEntries in watched files, a whole mesh, real sockets: they take the traffic of the service that selects them. */
class WorkloadEntryEndToEndTest extends MeshFixture {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aWorkloadEntryTakesTrafficByASelectorUntilItsFileIsRemoved() throws Exception {
        write("service.yaml", """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  workloadSelector: {labels: {app: reviews}}
                """);
        write("one.yaml", workload("one", "app: reviews", backends.start("one")));
        write("other.yaml", workload("other", "app: ratings", backends.start("other")));
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(FileConfigSource.builder(folder)
                        .pollPeriod(Duration.ofMillis(5))
                        .build())
                .publishInterval(Duration.ZERO)
                .build());
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh)).build();
        assertThat(answers(client)).containsExactly("one");

        long before = mesh.status().generation();
        Files.createDirectory(folder.resolve("machines"));
        write("machines/two.yaml", workload("two", "app: reviews", backends.start("two")));
        awaitChange(mesh, before);
        assertThat(answers(client)).containsExactly("one", "two");

        before = mesh.status().generation();
        Files.delete(folder.resolve("machines/two.yaml"));
        awaitChange(mesh, before);
        assertThat(answers(client)).containsExactly("one");
        assertThat(mesh.status().problems()).isEmpty();
    }

    private static void awaitChange(Mesh mesh, long before) {
        while (mesh.status().generation() == before) {
            Thread.onSpinWait();
        }
    }

    private static Set<String> answers(OkHttpClient client) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(get(client, URL));
        }
        return new TreeSet<>(answers);
    }

    private static String workload(String name, String label, MockWebServer server) {
        return """
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: %s}
                spec: {address: 127.0.0.1, ports: {http: %d}, labels: {%s}}
                """.formatted(name, server.getPort(), label);
    }

    private void write(String name, String text) throws IOException {
        Path half = folder.resolve(name + ".half");
        Files.writeString(half, text);
        Files.move(half, folder.resolve(name));
    }
}
