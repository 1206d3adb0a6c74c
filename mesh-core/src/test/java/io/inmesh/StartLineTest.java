package io.inmesh;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.toSubset;
import static io.inmesh.testing.Rules.versions;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.source.FileConfigSource;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The one line at start: what is in force, and where nothing is. */
class StartLineTest {
    private static final String HOST = "reviews.default.svc.cluster.local";

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @TempDir
    Path folder;

    /** What the logger of Mesh writes while a mesh is built and works. */
    private List<String> lines(Mesh.Builder builder, FakeConfigSource toChange, MeshConfig change) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            leaks.watch(builder.build());
            toChange.tell(change);
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("INFO io.inmesh.Mesh - "))
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }

    private List<String> lines(Mesh.Builder builder) {
        FakeConfigSource unused = new FakeConfigSource("unused");
        return lines(builder, unused, MeshConfig.EMPTY);
    }

    @Test
    void saysOnceWhatIsInForce() {
        MeshConfig rules = config(
                toSubset(HOST, "v1"),
                versions(HOST, "v1"),
                service(HOST, 9080, workload("127.0.0.1", "v1")),
                service("ratings.default.svc.cluster.local", 9080));
        FakeConfigSource source = new FakeConfigSource("rules/", rules);
        FakeEndpointSource endpoints = new FakeEndpointSource("kubernetes");

        assertThat(lines(
                        Mesh.builder()
                                .config(source)
                                .endpoints(endpoints)
                                .firstAnswerWait(java.time.Duration.ZERO)
                                .self(WorkloadIdentity.DEFAULT.with("shop", Map.of())),
                        source,
                        MeshConfig.EMPTY))
                .containsExactly("In force in namespace shop: 1 VirtualService, 1 DestinationRule, 2 ServiceEntries; 2"
                        + " services (1 without endpoints); rules from rules/ (4); services also from kubernetes.");
    }

    @Test
    void namesEmptyPlacesAndMissingFolders() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path noRules = Files.createDirectory(folder.resolve("noRules"));
        Files.writeString(noRules.resolve("a.yaml"), "# nothing\n");
        Path missing = folder.resolve("missing");
        Mesh.Builder builder = Mesh.builder().emptyPlace("classpath:mesh/", "no rule file there");
        for (Path path : List.of(empty, noRules, missing)) {
            builder.config(FileConfigSource.builder(path).optional().build());
        }

        assertThat(lines(builder))
                .containsExactly(
                        "Nothing is in force in namespace default: no rules and no services, so calls go out as"
                                + " if there were no mesh; nothing yet: classpath:mesh/ (no rule file there), " + empty
                                + " (no .yaml file there), " + noRules + " (no rules in its files), " + missing
                                + " (does not exist).");
    }

    @Test
    void countsWhatIsForRequestsThatComeIn() throws Exception {
        Path policies = Files.writeString(folder.resolve("policies.yaml"), """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody}
                spec: {}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody, namespace: elsewhere}
                spec: {}
                """);

        assertThat(lines(
                        Mesh.builder().config(FileConfigSource.builder(policies).build())))
                .containsExactly("In force in namespace default: no rules; no services; for what comes in, where a"
                        + " gateway or filter asks: 1 AuthorizationPolicy; rules from " + policies + " (2).");
    }

    @Test
    void countsWorkloadEntriesAndTellsBrokenPlacesFromEmptyOnes() throws Exception {
        Path workloads = Files.writeString(folder.resolve("workloads.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: reviews-1}
                spec: {address: 10.0.0.7, labels: {app: reviews}}
                """);
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "nothing: [that, can, be, read");
        Mesh.Builder builder = Mesh.builder()
                .config(FileConfigSource.builder(workloads).build())
                .config(FileConfigSource.builder(broken).build())
                .failFast(false);

        assertThat(lines(builder))
                .containsExactly("In force in namespace default: 1 WorkloadEntry; no services; rules from " + workloads
                        + " (1); nothing yet: " + broken
                        + " (all its rules have errors).");
    }

    @Test
    void tellsSilentPlacesFromEmptyOnes() {
        Mesh.Builder builder = Mesh.builder()
                .config(new FakeConfigSource("silent"))
                .firstAnswerWait(java.time.Duration.ZERO)
                .failFast(false);

        assertThat(lines(builder))
                .singleElement()
                .asString()
                .endsWith("; nothing yet: silent (nothing was heard from it).");
    }

    @Test
    void saysThatNothingIsSetUp() {
        assertThat(lines(Mesh.builder()))
                .singleElement()
                .asString()
                .endsWith("; nothing yet: no source of rules is set up.");
    }
}
