package io.inmesh.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundConnection;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.StartedRequest;
import io.inmesh.telemetry.metrics.PeerMetadata.Peer;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ScriptedExchange;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IstioInboundMetricsTest {
    private static final Peer PRODUCTPAGE =
            new Peer(Workload.of(Map.of("app", "productpage", "version", "v1")), "shop");

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final MeteredMesh metered = new MeteredMesh();
    private final IstioInboundMetrics metrics = metrics(10);

    private IstioInboundMetrics metrics(int limit) {
        return builder().believePeers().limit(limit).build();
    }

    private IstioInboundMetrics.Builder builder() {
        return IstioInboundMetrics.builder(
                metered.registry, WorkloadIdentity.DEFAULT.with("default", Map.of("app", "reviews", "version", "v1")));
    }

    private static InboundObservation started(
            IstioInboundMetrics metrics, @Nullable String header, @Nullable String principal) {
        Map<String, List<String>> headers =
                header == null ? Map.of() : Map.of("X-Envoy-Peer-Metadata", List.of(header));
        return metrics.requestStarted(new StartedRequest(
                SimpleRequestHead.of("GET", MeteredMesh.URL, headers),
                new InboundConnection("10.0.0.1", 4711, "10.0.0.2", 9080, false),
                principal));
    }

    private static void request(IstioInboundMetrics metrics, @Nullable String header, @Nullable String principal) {
        started(metrics, header, principal).ended(new EndedRequest(200, null, 0, 10, 1_000_000));
    }

    @Test
    void namesTheCallerThatHasToldOfItself() {
        request(metrics, PeerMetadata.of(PRODUCTPAGE), "spiffe://cluster.local/ns/shop/sa/productpage");

        assertThat(metered.lines("istio_requests_total"))
                .containsExactly("istio_requests_total{connection_security_policy=\"mutual_tls\","
                        + "destination_app=\"reviews\",destination_canonical_revision=\"v1\","
                        + "destination_canonical_service=\"reviews\",destination_cluster=\"unknown\","
                        + "destination_principal=\"unknown\","
                        + "destination_service=\"reviews.default.svc.cluster.local\","
                        + "destination_service_name=\"reviews\",destination_service_namespace=\"default\","
                        + "destination_version=\"v1\",destination_workload=\"reviews-v1\","
                        + "destination_workload_namespace=\"default\",grpc_response_status=\"\","
                        + "reporter=\"destination\",request_protocol=\"http\",response_code=\"200\","
                        + "response_flags=\"-\",source_app=\"productpage\",source_canonical_revision=\"v1\","
                        + "source_canonical_service=\"productpage\",source_cluster=\"unknown\","
                        + "source_principal=\"spiffe://cluster.local/ns/shop/sa/productpage\","
                        + "source_version=\"v1\",source_workload=\"productpage-v1\","
                        + "source_workload_namespace=\"shop\"} 1.0");
        assertThat(metered.lines("istio_response_bytes_sum"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" 10.0"));
    }

    @Test
    void whoHasToldNothingIsUnknown() {
        request(metrics, null, null);
        request(metrics, "no Base64 at all", null);
        started(metrics, "AAAA", null).ended(new EndedRequest(0, ResponseFlag.UAEX, -1, -1, 1));

        assertThat(requests()).containsExactlyInAnyOrder("unknown 200 - 2", "unknown 403 UAEX 1");
    }

    @Test
    void callersBeyondTheLimitAreUnknown() {
        IstioInboundMetrics few = metrics(2);
        for (int i = 0; i < 5; i++) {
            request(few, PeerMetadata.of(new Peer(Workload.of(Map.of("app", "made-up-" + i)), "default")), null);
        }

        assertThat(requests()).containsExactlyInAnyOrder("made-up-0 200 - 1", "made-up-1 200 - 1", "unknown 200 - 3");
    }

    @Test
    void nobodyIsBelievedUnlessThatIsAskedFor() {
        request(builder().build(), PeerMetadata.of(PRODUCTPAGE), null);

        assertThat(requests()).containsExactly("unknown 200 - 1");
    }

    @Test
    void whoIsRefusedTakesNoPlace() {
        IstioInboundMetrics one = metrics(1);
        started(one, PeerMetadata.of(new Peer(Workload.of(Map.of("app", "refused")), "default")), null)
                .ended(new EndedRequest(403, ResponseFlag.UAEX, 0, 0, 1));
        request(one, PeerMetadata.of(PRODUCTPAGE), null);

        assertThat(requests()).containsExactlyInAnyOrder("unknown 403 UAEX 1", "productpage-v1 200 - 1");
    }

    @Test
    void namesThatAreNoneAreUnknown() {
        String header = PeerMetadata.of(new Peer(new Workload("a b", "x".repeat(64), "v1", "\u00e9", "ok"), "<shop>"));

        assertThat(PeerMetadata.read(header))
                .isEqualTo(new Peer(new Workload("unknown", "unknown", "v1", "unknown", "ok"), "unknown"));
    }

    @Test
    void bytesThatAreNotKnownAreNotCounted() {
        started(metrics, null, null).ended(new EndedRequest(200, null, -1, 7, 1));

        assertThat(metered.lines("istio_request_bytes_count"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" 0.0"));
        assertThat(metered.lines("istio_response_bytes_count"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" 1.0"));
    }

    @Test
    void takesItsMetersAlongWhenItIsClosed() {
        request(metrics, null, null);
        metrics.close();

        request(metrics, null, null);

        assertThat(metered.registry.getMeters()).isEmpty();
    }

    @Test
    void whatAGatewaySendsOnIsNotForItself() {
        InboundObservation request = started(metrics, null, null);

        request.forwardingStarted();
        request.forwardingEnded();
        request.ended(new EndedRequest(200, null, 0, 0, 1));

        assertThat(requests()).isEmpty();
    }

    @Test
    void metadataIsReadAsItIsWrittenAndNeverFails() {
        String header = PeerMetadata.of(PRODUCTPAGE);

        assertThat(PeerMetadata.read(header)).isEqualTo(PRODUCTPAGE);
        byte[] bytes = Base64.getDecoder().decode(header);
        for (int cut = 0; cut < bytes.length; cut++) {
            byte[] some = java.util.Arrays.copyOf(bytes, cut);
            assertThat(PeerMetadata.read(Base64.getEncoder().encodeToString(some)))
                    .isNotNull();
            byte[] odd = bytes.clone();
            odd[cut] = (byte) 0xff;
            assertThat(PeerMetadata.read(Base64.getEncoder().encodeToString(odd)))
                    .isNotNull();
        }
    }

    /** Written by hand after google/protobuf/struct.proto: fields = 1, of an entry key = 1 and value = 2, string_value = 3. */
    @Test
    void metadataIsAStructOfProtocolBuffers() {
        byte[] bytes = "\n\016\n\tNAMESPACE\022\001".getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, whole, 0, bytes.length);
        whole[1] = 18;
        whole[bytes.length - 1] = 5;
        whole[bytes.length] = 0x1a;
        whole[bytes.length + 1] = 3;
        System.arraycopy("abc".getBytes(StandardCharsets.ISO_8859_1), 0, whole, bytes.length + 2, 3);

        assertThat(PeerMetadata.read(Base64.getEncoder().encodeToString(whole)).namespace())
                .isEqualTo("abc");
    }

    @Test
    void callersTellOfThemselvesWithinTheClusterAlone() throws IOException {
        IstioMetrics caller = IstioMetrics.builder(
                        metered.registry,
                        WorkloadIdentity.DEFAULT.with("shop", Map.of("app", "productpage", "version", "v1")))
                .tellPeers()
                .build();
        Mesh mesh = leaks.watch(metered.builder().observer(caller).build());
        ScriptedExchange inside = ScriptedExchange.get(MeteredMesh.URL);
        ScriptedExchange outside = ScriptedExchange.get("http://api.example.com/");

        mesh.execute(inside).close();
        mesh.execute(outside).close();

        assertThat(peers(inside)).containsExactly(PRODUCTPAGE);
        assertThat(outside.attempts()).hasSize(1);
        assertThat(peers(outside)).isEmpty();
    }

    private static List<Peer> peers(ScriptedExchange exchange) {
        return exchange.attempts().stream()
                .map(Attempt::headers)
                .flatMap(headers -> headers == null ? List.<HeaderField>of().stream() : headers.stream())
                .filter(header -> header.name().equals(PeerMetadata.HEADER))
                .map(header -> PeerMetadata.read(header.value()))
                .toList();
    }

    private List<String> requests() {
        return metered.registry.find("istio.requests").counters().stream()
                .map(IstioInboundMetricsTest::told)
                .toList();
    }

    private static String told(Counter counter) {
        return "%s %s %s %d"
                .formatted(
                        counter.getId().getTag("source_workload"),
                        counter.getId().getTag("response_code"),
                        counter.getId().getTag("response_flags"),
                        (long) counter.count());
    }
}
