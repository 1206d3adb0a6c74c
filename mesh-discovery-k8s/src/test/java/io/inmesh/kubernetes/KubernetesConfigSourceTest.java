package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the source of rules costs and says to the connection that it shares. */
@Timeout(60)
class KubernetesConfigSourceTest {
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Fault BROKEN = Fault.status(500, "InternalError", "etcd is broken");

    private final ScriptedApiServer server = ScriptedApiServer.start();
    private final KubernetesConnection connection = KubernetesConnection.of(KubernetesSettings.builder()
            .client(server.clients())
            .startWait(WAIT)
            .backoff(LONG, LONG)
            .build());
    private final KubernetesConfigSource source = new KubernetesConfigSource(connection, ConfigReader.strict());

    @AfterEach
    void close() {
        source.close();
        connection.close();
        server.close();
    }

    @Test
    void onlyTheNewestVersionIsAskedForInHasteWhereTheServerHasNone() {
        assertThat(refusedPause("v1")).isEqualTo(Duration.ofSeconds(30));
        assertThat(refusedPause("v1beta1")).isEqualTo(Duration.ofMinutes(5));
        assertThat(refusedPause("v1alpha3")).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aKindThatFailsDoesNotUseUpTheWaitForEndpoints() {
        server.next(Verb.WATCH_LIST, BROKEN);

        AutoCloseable unused = source.watch(update -> {});

        eventually(() -> assertThat(connection.startWait().left()).isEqualTo(WAIT));
        assertThat(source.status().state()).isEqualTo(KubernetesStatus.State.STARTING);
    }

    @Test
    void aServerThatFailsAltogetherIsWaitedForOnce() {
        server.always(Verb.WATCH_LIST, BROKEN);

        AutoCloseable unused = source.watch(update -> {});

        assertThat(connection.startWait().left()).isZero();
    }

    private Duration refusedPause(String version) {
        ResourceType<CustomResource> newest = Resources.customResource("ServiceEntry");
        ResourceType<CustomResource> type = new ResourceType<>(
                newest.group(), version, newest.plural(), newest.kind(), newest.metadataOnly(), newest.reader());
        return KubernetesConfigSource.pace(connection, type).refusedPause();
    }
}
