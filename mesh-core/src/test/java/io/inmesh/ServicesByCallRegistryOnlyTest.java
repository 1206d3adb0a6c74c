package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.call.MeshException;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.ScriptedExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Services that no rule names and calls do, where unknown hosts are refused: the first call waits for the sources. */
class ServicesByCallRegistryOnlyTest extends ServicesByCallFixture {

    @Test
    void underRegistryOnlyTheFirstCallWaitsForTheAnswer() throws IOException {
        registry.offer(REVIEWS);
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);
        clock.in(Duration.ofSeconds(2), () -> registry.tell(found(REVIEWS, "10.0.0.1")));

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");

        assertThat(clock.nanoTime()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void underRegistryOnlyAnAbsentServiceIsRefusedWithoutAWait() {
        registry.offer(REVIEWS);
        registry.tell(ServiceEndpoints.absent(SERVICE));
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);

        assertRefused(mesh, URL);
        assertRefused(mesh, "http://elsewhere/");

        assertThat(clock.sleeps()).isEmpty();
    }

    @Test
    void theWaitIsBoundedForAllCallsTogether() {
        registry.offer(REVIEWS);
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);

        assertRefused(mesh, URL);
        assertThat(clock.nanoTime()).isEqualTo(TimeUnit.SECONDS.toNanos(5));
        assertRefused(mesh, URL);

        assertThat(clock.nanoTime()).isEqualTo(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void aCanceledCallDoesNotWait() {
        registry.offer(REVIEWS);
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        clock.in(Duration.ofSeconds(1), exchange::cancel);

        assertThatExceptionOfType(MeshException.class).isThrownBy(() -> mesh.execute(exchange));

        assertThat(clock.nanoTime()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    private static void assertRefused(Mesh mesh, String url) {
        assertThatExceptionOfType(MeshException.class)
                .isThrownBy(() -> call(mesh, url))
                .satisfies(refused -> assertThat(refused.flag()).isEqualTo(ResponseFlag.BLOCKED));
    }
}
