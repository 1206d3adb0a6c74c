package io.inmesh;

import static io.inmesh.testing.Rules.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.call.MeshException;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.time.PerThreadRandom;
import io.inmesh.internal.time.Threads;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.Rules;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that no rule names and calls do. */
class ServicesByCallTest {
    private static final String REVIEWS = "reviews.shop.svc.cluster.local";
    private static final ServiceName SERVICE = new ServiceName(REVIEWS);
    private static final String URL = "http://reviews:9080/";
    private static final Duration IDLE = Duration.ofMinutes(10);

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final ManualClock clock = new ManualClock();
    private final FakeConfigSource rules = new FakeConfigSource("rules", MeshConfig.EMPTY);
    private final FakeEndpointSource registry = new FakeEndpointSource("registry");

    private Mesh mesh(OutboundTrafficPolicy policy, EndpointSource... more) {
        Mesh.Builder builder = Mesh.builder()
                .config(rules)
                .endpoints(registry)
                .outboundTrafficPolicy(policy)
                .self(WorkloadIdentity.DEFAULT.with("shop", Map.of()));
        for (EndpointSource source : more) {
            builder.endpoints(source);
        }
        return leaks.watch(
                MeshTesting.manual(builder, clock, new SplittableRandom(1)).build());
    }

    private Mesh mesh() {
        return mesh(OutboundTrafficPolicy.ALLOW_ANY);
    }

    private static ServiceEndpoints found(String host, String address) {
        return new ServiceEndpoints(
                new ServiceName(host),
                "shop",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, List.of(endpoint(address, 9080))),
                List.of());
    }

    private static String call(Mesh mesh, String url) throws IOException {
        Reply reply = mesh.execute(ScriptedExchange.get(url));
        return reply.by() == By.PASS_THROUGH ? "passed through" : reply.read();
    }

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

    // only known hosts

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

    // drop versus call

    /**
     * Callers against a clock that races: the service is dropped again and again while it is called. A call goes to the
     * endpoint or passes through, none fails, and the service always comes back.
     */
    @Test
    void droppingAndCallingMayMeetAtAnyMoment() throws Exception {
        registry.offer(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Threads real = Threads.daemon();
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(rules)
                .endpoints(registry)
                .self(WorkloadIdentity.DEFAULT.with("shop", Map.of()))
                .idleServices(Duration.ofSeconds(1))
                .publishInterval(Duration.ZERO)
                .machinery(
                        clock,
                        PerThreadRandom.INSTANCE,
                        new Threads(real.control(), clock, real.blocking(), real::close))
                .build());
        AtomicInteger passed = new AtomicInteger();
        AtomicInteger balanced = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        List<Future<?>> calls = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            calls.add(callers.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    String answer = call(mesh, URL);
                    if (answer.equals("passed through")) {
                        passed.incrementAndGet();
                    } else {
                        assertThat(answer).isEqualTo("10.0.0.1:9080");
                        balanced.incrementAndGet();
                    }
                }
                return null;
            }));
        }
        callers.shutdown();
        while (!callers.isTerminated()) {
            clock.advance(Duration.ofMillis(200));
            Thread.yield();
        }
        for (Future<?> call : calls) {
            call.get(30, TimeUnit.SECONDS);
        }

        assertThat(passed.get() + balanced.get()).isEqualTo(80_000);
        assertThat(passed).hasPositiveValue();
        assertThat(balanced).hasPositiveValue();
        assertThat(registry.opened().size()).as("watches over time").isGreaterThan(1);
        assertThat(registry.watched().size()).isLessThanOrEqualTo(1);
        assertThat(mesh.status().problems()).isEmpty();
        String last = "passed through";
        for (int i = 0; i < 1_000_000 && last.equals("passed through"); i++) {
            last = call(mesh, URL);
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(last).isEqualTo("10.0.0.1:9080");
    }
}
