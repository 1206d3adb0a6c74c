package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.EndpointResource;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.kubernetes.ServiceScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class MeshKubernetesAutoConfigurationTest {

    @TempDir
    Path directory;

    /** With a mesh that does not ask anybody, so that nothing of this needs a cluster. */
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(MeshAutoConfiguration.class, MeshKubernetesAutoConfiguration.class));

    private ApplicationContextRunner on(String... properties) {
        return runner.withBean(Mesh.class, () -> Mesh.builder().build())
                .withPropertyValues("mesh.kubernetes.enabled=true")
                .withPropertyValues(properties);
    }

    private static KubernetesSettings settings(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        return context.getBean(KubernetesConnection.class).settings();
    }

    @Test
    void outsideOfAClusterThereIsNothingAndNothingIsSaid(CapturedOutput output) {
        runner.run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(Mesh.class);
            assertThat(context.getBeanDefinitionNames())
                    .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("kubernetes"));
            assertThat(context.getBean(Mesh.class).status().sources()).isEmpty();
        });
        // A watch that another test has just closed may still be telling of its last failure.
        assertThat(output.getAll().lines().filter(line -> !line.contains("[inmesh-watch-")))
                .noneMatch(line -> line.toLowerCase(java.util.Locale.ROOT).contains("kubernetes"));
    }

    @Test
    void withoutTheModuleNothingIsMissing() {
        runner.withClassLoader(new FilteredClassLoader("io.inmesh.kubernetes", "io.kubernetes"))
                .withPropertyValues("mesh.kubernetes.nodes=true")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Mesh.class));
    }

    @Test
    void withoutTheModuleAskingForItIsAFailure() {
        runner.withClassLoader(new FilteredClassLoader("io.inmesh.kubernetes", "io.kubernetes"))
                .withPropertyValues("mesh.kubernetes.enabled=true")
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(MeshPropertiesException.class)
                        .hasMessageContaining("mesh.kubernetes.enabled: is true, but mesh-discovery-k8s")
                        .hasMessageContaining("add the dependency io.inmesh:mesh-discovery-k8s"));
    }

    @Test
    void withoutAMeshThereIsNoCluster() {
        runner.withPropertyValues("mesh.kubernetes.enabled=true", "mesh.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(KubernetesConnection.class));
    }

    @Test
    void theDefaultsAreThoseOfTheSettings() {
        on().run(context -> {
            assertThat(context).hasSingleBean(KubernetesEndpointSource.class);
            assertThat(context).hasSingleBean(KubernetesConfigSource.class);
            assertThat(settings(context)).isEqualTo(KubernetesSettings.builder().build());
        });
    }

    @Test
    void everyPropertyReachesItsSetting() {
        on(
                        "mesh.kubernetes.kubeconfig=/config/cluster.yaml",
                        "mesh.kubernetes.context=test",
                        "mesh.kubernetes.namespaces=shop,books",
                        "mesh.kubernetes.services=all",
                        "mesh.kubernetes.source=endpoints",
                        "mesh.kubernetes.nodes=true",
                        "mesh.kubernetes.policies=true",
                        "mesh.kubernetes.snapshot-file=/var/cache/table",
                        "mesh.kubernetes.snapshot-max-age=1h",
                        "mesh.kubernetes.start-wait=2s",
                        "mesh.kubernetes.watch-timeout=3m",
                        "mesh.kubernetes.silence=4s",
                        "mesh.kubernetes.min-backoff=5ms",
                        "mesh.kubernetes.max-backoff=6s",
                        "mesh.kubernetes.safety-relist=7m")
                .run(context -> assertThat(settings(context))
                        .isEqualTo(KubernetesSettings.builder()
                                .kubeconfig(Path.of("/config/cluster.yaml"))
                                .context("test")
                                .namespaces(List.of("shop", "books"))
                                .services(ServiceScope.ALL)
                                .endpoints(EndpointResource.ENDPOINTS)
                                .nodes(true)
                                .policies(true)
                                .snapshotFile(Path.of("/var/cache/table"))
                                .snapshotMaxAge(Duration.ofHours(1))
                                .startWait(Duration.ofSeconds(2))
                                .watchTimeout(Duration.ofMinutes(3))
                                .silence(Duration.ofSeconds(4))
                                .backoff(Duration.ofMillis(5), Duration.ofSeconds(6))
                                .safetyRelist(Duration.ofMinutes(7))
                                .build()));
        on("mesh.kubernetes.source=slices")
                .run(context -> assertThat(settings(context).endpoints()).isEqualTo(EndpointResource.ENDPOINT_SLICES));
    }

    @Test
    void rulesOfTheClusterCanBeTurnedOff() {
        on("mesh.kubernetes.rules=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(KubernetesEndpointSource.class)
                        .doesNotHaveBean(KubernetesConfigSource.class));
    }

    @Test
    void thePodTellsWhoItIsAndSaysSoOnce(CapturedOutput output) throws IOException {
        Files.writeString(directory.resolve("labels"), """
                app="shop"
                version="v1"
                topology.kubernetes.io/region="europe"
                topology.kubernetes.io/zone="europe-b"
                broken
                """);
        on(
                        "mesh.kubernetes.pod-info=" + directory,
                        "mesh.labels.version=v2",
                        "POD_NAMESPACE=books",
                        "NODE_NAME=node-7",
                        "KUBERNETES_CLUSTER_DOMAIN=corp.example")
                .run(context -> {
                    WorkloadIdentity self = context.getBean(WorkloadIdentity.class);
                    assertThat(self.namespace()).isEqualTo("books");
                    assertThat(self.labels()).containsEntry("app", "shop").containsEntry("version", "v2");
                    assertThat(self.locality()).isEqualTo(new Locality("europe", "europe-b", ""));
                    assertThat(self.node()).isEqualTo("node-7");
                    assertThat(self.clusterDomain()).isEqualTo("corp.example");
                    assertThat(settings(context).self()).isEqualTo(self);
                });
        assertThat(output).containsOnlyOnce("Running as namespace books (POD_NAMESPACE)");
        assertThat(output).containsOnlyOnce(directory.resolve("labels") + ":5: \"broken\"");
    }

    @Test
    void propertiesCountMoreThanWhatThePodTells() {
        on(
                        "mesh.namespace=mine",
                        "mesh.locality=asia/c",
                        "mesh.node=node-1",
                        "mesh.cluster-domain=mine.example",
                        "mesh.labels.app=shop",
                        "POD_NAMESPACE=books",
                        "NODE_NAME=node-7",
                        "NODE_ZONE=europe-b",
                        "KUBERNETES_CLUSTER_DOMAIN=corp.example")
                .run(context -> assertThat(context.getBean(WorkloadIdentity.class))
                        .isEqualTo(new WorkloadIdentity(
                                "mine",
                                Map.of("app", "shop"),
                                new Locality("asia", "c", ""),
                                "node-1",
                                "mine.example")));
    }

    @Test
    void beansOfTheApplicationAreUsedInstead() {
        WorkloadIdentity self = WorkloadIdentity.DEFAULT.with("own", Map.of());
        KubernetesConnection connection =
                KubernetesConnection.of(KubernetesSettings.builder().self(self).build());
        on().withBean("own", KubernetesConnection.class, () -> connection).run(context -> {
            assertThat(context).hasSingleBean(KubernetesConnection.class).hasBean("own");
            assertThat(settings(context).self()).isEqualTo(self);
        });
        on().withBean("own", WorkloadIdentity.class, () -> self)
                .run(context -> assertThat(settings(context).self()).isEqualTo(self));
        on().withBean(
                        "own",
                        KubernetesSettings.class,
                        () -> KubernetesSettings.builder().nodes(true).build())
                .run(context -> assertThat(settings(context).nodes()).isTrue());
    }

    @Test
    void everySettingThatMakesNoSenseIsNamedAsAProperty() {
        on(
                        "mesh.namespace=Not A Name",
                        "mesh.cluster-domain=-",
                        "mesh.kubernetes.namespaces=shop,Books",
                        "mesh.kubernetes.silence=0s",
                        "mesh.kubernetes.start-wait=-1s",
                        "mesh.kubernetes.max-backoff=1ms")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOfSatisfying(
                                MeshPropertiesException.class,
                                failure -> assertThat(failure.problems())
                                        .extracting(ConfigProblem::path)
                                        .containsExactly(
                                                "mesh.kubernetes.namespaces",
                                                "mesh.namespace",
                                                "mesh.cluster-domain",
                                                "mesh.kubernetes.start-wait",
                                                "mesh.kubernetes.silence",
                                                "mesh.kubernetes.max-backoff"))
                        .hasMessageContaining(
                                "test: error: mesh.kubernetes.silence: is PT0S; it must be longer than zero"));
    }

    @Test
    void aTypoOrAWordThatMakesNoSenseIsAFailure() {
        on("mesh.kubernetes.kubeconfg=x", "mesh.kubernetes.source=slice", "mesh.kubernetes.silence=45")
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(MeshPropertiesException.class)
                        .hasMessageContaining("did you mean 'kubeconfig'?")
                        .hasMessageContaining("'slice' is not one of auto, slices, endpoints")
                        .hasMessageContaining("write 45s or 45ms"));
        runner.withPropertyValues("mesh.kubernetes.enabled=perhaps")
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(MeshPropertiesException.class)
                        .hasMessageContaining("mesh.kubernetes.enabled: 'perhaps' is not true or false"));
    }
}
