package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that are found by DNS, some of whose addresses nobody answers at. */
class DnsEndToEndTest extends MeshFixture {
    private static final String NAME = "http://api.example.com:9080/";

    private static String entry(String resolution, int port) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api}
                spec:
                  hosts: [api.example.com]
                  resolution: %s
                  ports: [{number: 9080, name: http, protocol: HTTP, targetPort: %d}]
                """.formatted(resolution, port);
    }

    private Mesh.Builder mesh(String rules, String... addresses) {
        return Mesh.builder()
                .config(TextConfigSource.of("rules", rules))
                .observer(observer)
                .dnsResolver(host -> {
                    List<InetAddress> answer = new ArrayList<>();
                    for (String address : addresses) {
                        answer.add(InetAddress.getByName(address));
                    }
                    return answer;
                });
    }

    private OkHttpClient client(Mesh.Builder mesh) {
        return backends.builder(new MeshInterceptor(leaks.watch(mesh.build()))).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DNS", "DNS_ROUND_ROBIN"})
    void ofANameWithBothFamiliesOneIsCalled(String resolution) throws Exception {
        MockWebServer server = backends.start("v4");
        OkHttpClient client =
                client(mesh(entry(resolution, server.getPort()), "::1", "fd00:dead::1", "127.0.0.1", "fd00:dead::2"));

        for (int i = 0; i < 100; i++) {
            assertThat(get(client, NAME)).isEqualTo("v4");
        }
        assertThat(observer.attempts()).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "V4_PREFERRED", "V6_ONLY", "ALL"})
    void aNameWithIpv6AddressesAloneIsCalledThere(DnsLookupFamily family) throws Exception {
        MockWebServer server = backends.start("v6", "::1");
        OkHttpClient client = client(mesh(entry("DNS", server.getPort()), "::1").dnsLookupFamily(family));

        assertThat(get(client, NAME)).isEqualTo("v6");
    }

    private long neverSent() {
        return observer.attempts().stream()
                .filter(attempt -> attempt.outcome() instanceof Outcome.NeverSent)
                .count();
    }

    /** Without a memory three of four first attempts would fail. */
    @ParameterizedTest
    @ValueSource(strings = {"LEAST_REQUEST", "ROUND_ROBIN", "RANDOM"})
    void anAddressThatRefusesIsNotTriedByEveryCall(String balancer) throws Exception {
        MockWebServer server = backends.start("alive");
        String rules = entry("DNS", server.getPort()) + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: api}
                spec: {host: api.example.com, trafficPolicy: {loadBalancer: {simple: %s}}}
                """.formatted(balancer);
        Mesh.Builder mesh =
                mesh(rules, "127.0.0.1", "127.0.0.2", "127.0.0.3", "::1").dnsLookupFamily(DnsLookupFamily.ALL);
        // The time that such an address is left alone does not pass, however long the calls take.
        OkHttpClient client = client(MeshTesting.manual(mesh, new ManualClock(), new SplittableRandom(1)));

        int failed = 0;
        for (int i = 0; i < 200; i++) {
            try {
                assertThat(get(client, NAME)).isEqualTo("alive");
            } catch (MeshException unlucky) {
                failed++;
            }
        }
        assertThat(failed)
                .as("calls that met all three others, of which nothing was known")
                .isLessThan(2);
        assertThat(neverSent()).isBetween(1L, 30L);
    }

    @Test
    void anAliasThatLeadsOutsideIsCalledAtTheAddressesThatAnswer() throws Exception {
        MockWebServer server = backends.start("alive");
        FakeEndpointSource registry = new FakeEndpointSource("registry");
        registry.tell(ServiceEndpoints.alias(
                new ServiceName("shop.default.svc.cluster.local"),
                "default",
                new ServiceName("api.example.com"),
                List.of(new ServicePort(server.getPort(), "http", "HTTP")),
                List.of()));
        registry.tell(ServiceEndpoints.absent(new ServiceName("api.example.com")));
        String rule = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: front}
                spec:
                  hosts: [front.example.com]
                  http: [{route: [{destination: {host: shop, port: {number: %d}}}]}]
                """.formatted(server.getPort());
        OkHttpClient client = client(mesh(rule, "127.0.0.1", "127.0.0.2", "::1").endpoints(registry));

        for (int i = 0; i < 200; i++) {
            assertThat(get(client, "http://front.example.com/")).isEqualTo("alive");
        }
        assertThat(neverSent()).isBetween(1L, 20L);
    }

    /** A connection that nobody accepts or refuses is known by the route's timeout, long before the client's own. */
    @Test
    void anAddressThatDropsWhatComesIsNotWaitedForByEveryCall() throws Exception {
        MockWebServer server = backends.start("alive");
        try (Silence silence = new Silence("127.0.0.2", server.getPort())) {
            assertThat(silence.isSilent()).isTrue();
            String rules = entry("DNS", server.getPort()) + """
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: VirtualService
                    metadata: {name: api}
                    spec:
                      hosts: [api.example.com]
                      http: [{timeout: 300ms, route: [{destination: {host: api.example.com}}]}]
                    """;
            OkHttpClient client = client(mesh(rules, "127.0.0.1", "127.0.0.2"));
            int failed = 0;

            for (int i = 0; i < 100; i++) {
                try {
                    assertThat(get(client, NAME)).isEqualTo("alive");
                } catch (MeshException timeout) {
                    assertThat(timeout.flag()).isEqualTo(ResponseFlag.UT);
                    failed++;
                }
            }
            assertThat(failed).isBetween(1, 10);
        }
    }

    /** A listener whose queue is full: the kernel drops who wants to connect. */
    private static final class Silence implements AutoCloseable {
        private final ServerSocket listener;
        private final List<Socket> queued = new ArrayList<>();
        private final InetSocketAddress address;

        Silence(String host, int port) throws IOException {
            listener = new ServerSocket(port, 1, InetAddress.getByName(host));
            address = new InetSocketAddress(host, port);
            for (int i = 0; i < 16 && !isSilent(); i++) {
                assertThat(queued).hasSize(i + 1);
            }
        }

        boolean isSilent() throws IOException {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(address, 300);
                return false;
            } catch (SocketTimeoutException silent) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queued) {
                socket.close();
            }
            listener.close();
        }
    }

    /** The client resolves the name and knows what to do with an address that does not answer. */
    @Test
    void whereTheClientResolvesItTriesTheOtherAddresses() throws Exception {
        MockWebServer server = backends.start("alive");
        String rules = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api}
                spec:
                  hosts: [api.example.com]
                  resolution: NONE
                  ports: [{number: %d, name: http, protocol: HTTP}]
                """.formatted(server.getPort());
        OkHttpClient client = client(mesh(rules))
                .newBuilder()
                .dns(host -> List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")))
                .build();

        for (int i = 0; i < 10; i++) {
            assertThat(get(client, "http://api.example.com:" + server.getPort() + "/"))
                    .isEqualTo("alive");
        }
        assertThat(observer.attempts()).hasSize(10);
    }

    @Test
    void aNameWithoutAnAddressOfTheOnlyFamilySaysSo() {
        OkHttpClient client = client(mesh(entry("DNS", 80), "::1").dnsLookupFamily(DnsLookupFamily.V4_ONLY));

        assertThat(assertFlag(ResponseFlag.UH, () -> get(client, NAME)))
                .hasMessageContaining("all its addresses are IPv6, and the DNS lookup family is V4_ONLY");
    }
}
