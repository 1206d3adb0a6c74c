package io.inmesh.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.inbound.CallerIdentity;
import io.inmesh.inbound.InboundContext;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ContainerSettings;
import io.inmesh.servlet.testing.ServletContainer;
import io.inmesh.servlet.testing.UriCertificates;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MeshServletFilterTest {
    private static final long NOW = 1_000;

    /** What requests had, in order. */
    private final List<InboundContext> seen = Collections.synchronizedList(new ArrayList<>());

    /** For all requests that only say how long they wait; null before the first. */
    private @Nullable ServletContainer trusting;

    @BeforeEach
    void forget() {
        seen.clear();
    }

    @AfterAll
    void stop() {
        if (trusting != null) {
            trusting.close();
        }
    }

    private ServletContainer trusting() throws Exception {
        ServletContainer known = trusting;
        if (known == null) {
            known = application(
                            ContainerKind.TOMCAT, MeshServletFilter.builder().trustDeadline(true))
                    .start();
            trusting = known;
        }
        return known;
    }

    private ContainerSettings application(ContainerKind kind, MeshServletFilter.Builder filter) {
        return kind.container()
                .filter("/*", filter.machinery(() -> "made", () -> NOW).build())
                .handler("/*", (request, response) -> {
                    assertThat(request.getAttribute(MeshServletFilter.CONTEXT)).isSameAs(InboundContext.current());
                    seen.add(InboundContext.current());
                });
    }

    private InboundContext only() {
        assertThat(seen).hasSize(1);
        return seen.remove(0);
    }

    @ParameterizedTest
    @CsvSource({
        "x-envoy-expected-rq-timeout-ms: 250,250000000",
        "x-envoy-expected-rq-timeout-ms: 999999999999999999,86400000000000",
        "x-envoy-expected-rq-timeout-ms: 0,",
        "x-envoy-expected-rq-timeout-ms: -1,",
        "x-envoy-expected-rq-timeout-ms: soon,",
        "x-envoy-expected-rq-timeout-ms: 99999999999999999999,",
        "grpc-timeout: 2S,2000000000",
        "grpc-timeout: 1H,3600000000000",
        "grpc-timeout: 1M,60000000000",
        "grpc-timeout: 30m,30000000",
        "grpc-timeout: 7u,7000",
        "grpc-timeout: 99999999n,99999999",
        "grpc-timeout: 0n,0",
        "grpc-timeout: 123456789n,",
        "grpc-timeout: 5,",
        "grpc-timeout: S,",
        "grpc-timeout: 1x,"
    })
    void aTrustedCallerSaysHowLongItWaits(String header, Long nanos) throws Exception {
        assertThat(trusting().get("/", header).status()).isEqualTo(200);
        assertThat(only().deadlineNanos()).isEqualTo(nanos == null ? null : NOW + nanos);
    }

    @Test
    void theSoonerOfTwoTimesCountsAndNobodyElseHasASay() throws Exception {
        try (ServletContainer container = application(
                        ContainerKind.JETTY, MeshServletFilter.builder().trustDeadline(true))
                .start()) {
            container.get("/", "grpc-timeout: 1S", "x-envoy-expected-rq-timeout-ms: 5");
            assertThat(only().deadlineNanos()).isEqualTo(NOW + TimeUnit.MILLISECONDS.toNanos(5));
            container.get("/", "grpc-timeout: 1n", "x-envoy-expected-rq-timeout-ms: 5");
            assertThat(only().deadlineNanos()).isEqualTo(NOW + 1);
        }
        try (ServletContainer container =
                application(ContainerKind.JETTY, MeshServletFilter.builder()).start()) {
            container.get("/", "grpc-timeout: 1S", "x-envoy-expected-rq-timeout-ms: 5");
            assertThat(only().deadlineNanos()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void takesNoMoreThanThereIsRoomForAndNoHalfHeaders(ContainerKind kind) throws Exception {
        PropagationPolicy policy = PropagationPolicy.builder()
                .headers(List.of("a", "long", "b"))
                .maxBytes("x-request-idmade".length() + "along".length() + "b1b2".length())
                .build();
        try (ServletContainer container =
                application(kind, MeshServletFilter.builder().policy(policy)).start()) {
            container.get("/", "long: 1", "long: " + "x".repeat(100), "a: long", "b: 1", "b: 2");

            assertThat(only().headers())
                    .containsOnly(
                            java.util.Map.entry("x-request-id", List.of("made")),
                            java.util.Map.entry("a", List.of("long")),
                            java.util.Map.entry("b", List.of("1", "2")));
        }
    }

    /** What containers let through of it: bytes that are no UTF-8. Both refuse control characters themselves. */
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void aValueThatIsNoTextIsNotTaken(ContainerKind kind) throws Exception {
        try (ServletContainer container = application(
                        kind, MeshServletFilter.builder().propagate("end-user"))
                .start()) {
            assertThat(container.get("/", "end-user: \u00e4", "baggage: a=1").status())
                    .isEqualTo(200);
            assertThat(only().headers().keySet()).containsExactly("x-request-id", "baggage");
            assertThat(container.get("/", "end-user: a\u0000b").status()).isEqualTo(400);
            assertThat(container.get("/", "end-user: a\u007fb").status()).isIn(200, 400);
            assertThat(seen)
                    .allSatisfy(
                            context -> assertThat(context.header("end-user")).isNull());
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void knowsTheCallerByItsCertificate(ContainerKind kind) throws Exception {
        HeldCertificate server = new HeldCertificate.Builder()
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        String id = "spiffe://cluster.local/ns/default/sa/productpage";
        HeldCertificate one = UriCertificates.of("one", id);
        HeldCertificate two = UriCertificates.of("two", id, "spiffe://cluster.local/ns/default/sa/admin");
        HeldCertificate other = UriCertificates.of("other", "https://productpage.example/");
        HeldCertificate named = new HeldCertificate.Builder()
                .commonName("named")
                .addSubjectAlternativeName("productpage.example")
                .build();
        List<HeldCertificate> clients = List.of(one, two, other, named);
        try (ServletContainer container = application(kind, MeshServletFilter.builder())
                .https(
                        server,
                        clients.stream().map(HeldCertificate::certificate).toList())
                .start()) {
            for (HeldCertificate client : clients) {
                call(container, trusting(server).heldCertificate(client).build());
                assertThat(only().caller())
                        .isEqualTo(new CallerIdentity(
                                "127.0.0.1",
                                client.equals(one) ? id : null,
                                client.certificate().getSubjectX500Principal().getName()));
            }
            call(container, trusting(server).build());
            assertThat(only().caller()).isEqualTo(new CallerIdentity("127.0.0.1", null, null));
        }
    }

    private static HandshakeCertificates.Builder trusting(HeldCertificate authority) {
        return new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate());
    }

    private static void call(ServletContainer container, HandshakeCertificates certificates) throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
                .build();
        try (Response response = client.newCall(new Request.Builder()
                        .url("https://127.0.0.1:" + container.port() + "/")
                        .build())
                .execute()) {
            assertThat(response.code()).isEqualTo(200);
        } finally {
            client.connectionPool().evictAll();
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void takesItsParametersFromAWebXml(ContainerKind kind) throws Exception {
        try (ServletContainer container = kind.container()
                .with((classes, context) -> {
                    var filter = context.addFilter("mesh", MeshServletFilter.class);
                    filter.setInitParameter("propagate", "end-user, user-agent\n x-tenant");
                    filter.setInitParameter("trust-deadline", "true");
                    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
                })
                .handler("/*", (request, response) -> seen.add(InboundContext.current()))
                .start()) {
            container.get("/", "end-user: a", "user-agent: b", "X-Tenant: c", "grpc-timeout: 1S", "x-request-id: 1");

            InboundContext context = only();
            assertThat(context.headers().keySet())
                    .containsExactly("x-request-id", "end-user", "user-agent", "x-tenant");
            assertThat(context.deadlineNanos()).isNotNull();
        }
    }

    @Test
    void refusesNamesThatCannotBeHandedOn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeshServletFilter.builder().propagate("Content-Length"))
                .withMessageContaining("Content-Length")
                .withMessageContaining("leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeshServletFilter.builder().propagate("end user"))
                .withMessageContaining("end user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PropagationPolicy.builder().maxBytes(-1).build())
                .withMessageContaining("-1");
    }

    @Test
    void aPolicyKeepsTheOrderAndHasEachNameOnce() {
        PropagationPolicy policy = PropagationPolicy.builder()
                .headers(List.of("End-User", "B3", "end-user"))
                .build();

        assertThat(policy.headers())
                .startsWith("x-request-id")
                .endsWith("end-user")
                .hasSize(PropagationPolicy.TRACE_HEADERS.size() + 1);
        assertThat(new PropagationPolicy(policy.headers(), false, PropagationPolicy.DEFAULT_MAX_BYTES))
                .isEqualTo(policy);
    }
}
