package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.Rules;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that no rule names and calls do. */
class ServicesByCallTest extends ServicesByCallFixture {

    @Test
    void theFirstCallPassesThroughAndTheNextIsBalanced() throws IOException {
        registry.offer(REVIEWS);
        Mesh mesh = mesh();
        assertThat(registry.watched()).isEmpty();

        assertThat(call(mesh, URL)).isEqualTo("passed through");
        assertThat(registry.watchedWithoutLabels()).containsExactly(SERVICE);
        assertThat(call(mesh, URL)).as("no answer yet").isEqualTo("passed through");
        registry.tell(found(REVIEWS, "10.0.0.1"));

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        assertThat(clock.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reviews:9080",
                "Reviews.shop:9080",
                "reviews.shop.svc:9080",
                "reviews.shop.svc.cluster.local:9080",
                "reviews.shop.svc.cluster.local.:9080"
            })
    void knowingEveryFormOfTheNameIsACallToo(String authority) {
        registry.offer(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();

        assertThat(mesh.knows("http", authority)).isFalse();
        assertThat(mesh.knows("http", authority)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:9080", "[::1]:9080", "10.0.0.1", "[fe80::1]", ""})
    void addressesAreNoServices(String authority) {
        assertThat(mesh().knows("http", authority)).isFalse();

        assertThat(registry.asked()).isEmpty();
    }

    @Test
    void aNameOfTwoPartsMayBeAServiceOrStandForItself() throws IOException {
        call(mesh(), "http://stripe.com/");

        assertThat(registry.asked())
                .extracting(ServiceName::host)
                .containsExactly("stripe.com.svc.cluster.local", "stripe.com");
    }

    @Test
    void whatNobodyMayKnowIsAskedForOnceInAWhile() throws IOException {
        Mesh mesh = mesh();

        for (int i = 0; i < 100; i++) {
            assertThat(call(mesh, "http://api.example.com/")).isEqualTo("passed through");
        }
        assertThat(registry.asked()).hasSize(1);
        clock.advance(Duration.ofMinutes(5));
        assertThat(call(mesh, "http://api.example.com/")).isEqualTo("passed through");

        assertThat(registry.asked()).hasSize(2);
        assertThat(registry.opened()).isEmpty();
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void whatIsAbsentIsAskedForOnceInAWhile() throws IOException {
        registry.offer(REVIEWS);
        registry.tell(ServiceEndpoints.absent(SERVICE));
        Mesh mesh = mesh();

        for (int i = 0; i < 100; i++) {
            assertThat(call(mesh, URL)).isEqualTo("passed through");
        }

        assertThat(registry.opened()).hasSize(1);
        clock.advance(Duration.ofMinutes(7));
        assertThat(registry.watched()).isEmpty();
        assertThat(clock.waitingTasks()).isZero();
        registry.tell(found(REVIEWS, "10.0.0.1"));
        assertThat(call(mesh, URL)).isEqualTo("passed through");
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 299})
    void aServiceThatIsCreatedAfterACallInVainIsBalancedAtOnce(int seconds) throws IOException {
        registry.offer(REVIEWS);
        registry.tell(ServiceEndpoints.absent(SERVICE));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("passed through");

        clock.advance(Duration.ofSeconds(seconds));
        registry.tell(found(REVIEWS, "10.0.0.1"));

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        assertThat(registry.opened()).hasSize(1);
        clock.advance(IDLE.multipliedBy(2));
        assertThat(registry.watched()).isEmpty();
    }

    @Test
    void callsInVainKeepAServiceWatched() throws IOException {
        registry.offer(REVIEWS);
        registry.tell(ServiceEndpoints.absent(SERVICE));
        Mesh mesh = mesh();

        for (int i = 0; i < 60; i++) {
            assertThat(call(mesh, URL)).isEqualTo("passed through");
            assertThat(registry.watched()).containsExactly(SERVICE);
            clock.advance(Duration.ofSeconds(30));
        }
    }

    @Test
    void onlySoManyServicesAreWatchedInVain() throws IOException {
        Mesh mesh = mesh();

        for (int i = 0; i < 60; i++) {
            String host = "service-" + i + ".shop.svc.cluster.local";
            registry.offer(host);
            registry.tell(ServiceEndpoints.absent(new ServiceName(host)));
            assertThat(call(mesh, "http://" + host + ":9080/")).isEqualTo("passed through");
        }

        assertThat(registry.watched())
                .hasSize(50)
                .contains(new ServiceName("service-59.shop.svc.cluster.local"))
                .doesNotContain(new ServiceName("service-9.shop.svc.cluster.local"));
    }

    @Test
    void aServiceThatExistedOnceIsWatchedOn() throws IOException {
        registry.offer(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("passed through");

        registry.tell(ServiceEndpoints.absent(SERVICE));
        assertThat(call(mesh, URL)).isEqualTo("passed through");
        registry.tell(found(REVIEWS, "10.0.0.2"));

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.2:9080");
        assertThat(registry.opened()).hasSize(1);
    }

    @Test
    void oneSourceThatKnowsItIsEnough() throws IOException {
        FakeEndpointSource second = new FakeEndpointSource("second");
        registry.tell(ServiceEndpoints.absent(SERVICE));
        second.offer(REVIEWS);
        second.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh(OutboundTrafficPolicy.ALLOW_ANY, second);

        assertThat(call(mesh, URL)).isEqualTo("passed through");

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
    }

    @Test
    void aSourceThatFailsToAnswerIsOneThatDoesNotKnow() throws IOException {
        EndpointSource broken = new EndpointSource() {
            @Override
            public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
                onUpdate.accept(ServiceEndpoints.absent(service));
                return () -> {};
            }

            @Override
            public boolean mayKnow(ServiceName service) {
                throw new IllegalStateException("broken");
            }

            @Override
            public String name() {
                return "broken";
            }

            @Override
            public void close() {}
        };

        assertThat(call(mesh(OutboundTrafficPolicy.ALLOW_ANY, broken), URL)).isEqualTo("passed through");
    }

    // idle services

    @Test
    void aServiceThatNobodyCallsIsDroppedAndComesBackWithACall() throws IOException {
        registry.offer(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("passed through");

        clock.advance(IDLE);
        assertThat(registry.watched()).containsExactly(SERVICE);
        clock.advance(IDLE.dividedBy(5));

        assertThat(registry.watched()).isEmpty();
        assertThat(mesh.services()).isEmpty();
        assertThat(clock.waitingTasks()).isZero();
        assertThat(call(mesh, URL)).isEqualTo("passed through");
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
    }

    @Test
    void callsKeepAServiceOverSnapshotsAndTime() throws IOException {
        registry.offer(REVIEWS, "ratings.shop.svc.cluster.local");
        registry.tell(found(REVIEWS, "10.0.0.1"));
        registry.tell(found("ratings.shop.svc.cluster.local", "10.0.1.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("passed through");
        assertThat(call(mesh, "http://ratings:9080/")).isEqualTo("passed through");

        for (int i = 0; i < 10; i++) {
            assertThat(call(mesh, URL)).isNotEqualTo("passed through");
            registry.tell(found(REVIEWS, "10.0.0." + (i + 2)));
            clock.advance(IDLE.dividedBy(2));
        }

        assertThat(registry.watched()).containsExactly(SERVICE);
    }

    @Test
    void explainingIsNotCalling() throws IOException {
        registry.offer(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        mesh.explain("GET", URL, Map.of());
        assertThat(registry.watched()).isEmpty();
        assertThat(call(mesh, URL)).isEqualTo("passed through");

        for (int i = 0; i < 12; i++) {
            mesh.explain("GET", URL, Map.of());
            clock.advance(IDLE.dividedBy(10));
        }

        assertThat(registry.watched()).isEmpty();
    }

    @Test
    void aServiceThatARuleNamesIsKeptWithoutCalls() throws IOException {
        registry.offer(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("passed through");

        rules.tell(Rules.config(Rules.toSubset(REVIEWS, "v1"), Rules.versions(REVIEWS, "v1")));
        clock.advance(IDLE.multipliedBy(3));

        assertThat(registry.watchedWithLabels()).containsExactly(SERVICE);
        rules.tell(MeshConfig.EMPTY);
        assertThat(registry.watched()).isEmpty();
    }

    @Test
    void atMostAThousandServicesAreWatchedForCalls() throws IOException {
        Mesh mesh = mesh();

        for (int i = 0; i < 1_100; i++) {
            String host = "service-" + i + ".shop.svc.cluster.local";
            registry.offer(host);
            registry.tell(found(host, "10.0.0.1"));
            assertThat(call(mesh, "http://" + host + ":9080/")).isEqualTo("passed through");
        }

        assertThat(registry.watched()).hasSize(1_000);
    }

    @Test
    void anIdleTimeThatMakesNoSenseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Mesh.builder().idleServices(Duration.ofMillis(999)).build())
                .withMessageContaining("idle is below 1 s");
    }
}
