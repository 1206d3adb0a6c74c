package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.explain.Explanation;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.Map;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ServiceEntries by address: resolution NONE with target ports, and blocks of addresses. */
class OriginalDestinationTest extends MeshFixture {
    private OkHttpClient strict(String entry) {
        return backends.builder(new MeshInterceptor(mesh(entry))).build();
    }

    private Mesh mesh(String entry) {
        return leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: external}
                        spec:
                        """ + entry.indent(2)))
                .outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)
                .observer(observer)
                .build());
    }

    @Test
    void withResolutionNoneTheTargetPortOfTheCallersAddressIsCalled() throws Exception {
        MockWebServer server = backends.start("target");
        OkHttpClient client = strict("""
                hosts: [localhost]
                resolution: NONE
                ports: [{number: 8080, name: http, protocol: HTTP, targetPort: %d}]
                """.formatted(server.getPort()));

        for (int i = 0; i < 2; i++) {
            assertThat(get(client, "http://localhost:8080/a?b=c")).isEqualTo("target");
            RecordedRequest request = take(server);
            assertThat(request.getHeaders().get("Host")).isEqualTo("localhost:8080");
            assertThat(request.getTarget()).isEqualTo("/a?b=c");
            assertThat(request.getConnectionIndex()).isZero();
        }
    }

    /** Behind a proxy it is the proxy that dials. */
    @Test
    void aProxyIsToldTheTargetPort() throws Exception {
        MockWebServer proxy = backends.start("proxied");
        OkHttpClient client = strict("""
                        hosts: [host.example]
                        resolution: NONE
                        ports: [{number: 8080, name: http, protocol: HTTP, targetPort: 8081}]
                        """)
                .newBuilder()
                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", proxy.getPort())))
                .build();

        assertThat(get(client, "http://host.example:8080/")).isEqualTo("proxied");
        assertThat(take(proxy).getRequestLine()).isEqualTo("GET http://host.example:8081/ HTTP/1.1");
    }

    @Test
    void explainNamesTheTargetPort() {
        Mesh mesh = mesh("""
                hosts: [host.example]
                resolution: NONE
                ports: [{number: 8080, name: http, protocol: HTTP, targetPort: 8081}]
                """);

        assertThat(mesh.explain("GET", "http://host.example:8080/", Map.of()).why())
                .anySatisfy(reason -> assertThat(reason).contains("at port 8081"));
        assertThat(mesh.status().problems()).isEmpty();
    }

    @Test
    void ofAKnownHostThePortIsWhatIsUnknown() {
        String entry = """
                hosts: [host.example]
                resolution: STATIC
                ports: [{number: 8080, name: http, protocol: HTTP}, {number: 9090, name: tcp, protocol: TCP}]
                endpoints: [{address: 127.0.0.1}]
                """;
        Mesh mesh = mesh(entry);
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh)).build();

        assertThat(assertFlag(ResponseFlag.BLOCKED, () -> get(client, "http://host.example/")))
                .hasMessageContaining("host.example: the host is known, but not at port 80")
                .hasMessageContaining("call it at port 8080 or 9090");
        assertThat(assertFlag(ResponseFlag.BLOCKED, () -> get(client, "http://other.example/")))
                .hasMessageContaining("other.example: the host is not known");
        assertThat(mesh.explain("GET", "http://host.example/", Map.of()).why())
                .anySatisfy(reason -> assertThat(reason)
                        .startsWith("host.example is known, but not at port 80, only at port 8080 or 9090"));
    }

    /** The name ends in a label that no name server has. */
    @Test
    void anEndpointWithoutAddressIsNamedWithTheReason() {
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: external}
                        spec:
                          hosts: [host.example]
                          resolution: DNS
                          ports: [{number: 80, name: http, protocol: HTTP}]
                          endpoints: [{address: backend.invalid}]
                        """))
                .dnsResolver(name -> {
                    throw new java.net.UnknownHostException(name + ": no such name");
                })
                .build());
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh)).build();

        assertThat(assertFlag(ResponseFlag.UH, () -> get(client, "http://host.example/")))
                .hasMessageContaining("has no endpoint that can be used: \"backend.invalid\" cannot be resolved (")
                .hasMessageContaining("it has no address yet");
        assertThat(mesh.explain("GET", "http://host.example/", Map.of()).why())
                .anySatisfy(reason -> assertThat(reason).contains("\"backend.invalid\" cannot be resolved ("));
    }

    @ParameterizedTest
    @CsvSource({"NONE, HTTP", "NONE, TCP", "NONE, ''", "STATIC, HTTP", "STATIC, TCP"})
    void anAddressInsideABlockIsKnown(String resolution, String protocol) throws Exception {
        MockWebServer server = backends.start("inside", "127.0.1.5");
        OkHttpClient client = strict("""
                hosts: [external.example]
                addresses: [127.0.1.0/24]
                resolution: %s
                ports: [{number: %d, name: p, protocol: %s}]
                """.formatted(resolution, server.getPort(), protocol)
                + (resolution.equals("STATIC") ? "endpoints: [{address: 127.0.1.5}]\n" : ""));
        int port = server.getPort();

        // Through endpoints any address of the block leads there; without, each to itself.
        String address = resolution.equals("STATIC") ? "127.0.1.77" : "127.0.1.5";
        assertThat(get(client, "http://" + address + ":" + port + "/")).isEqualTo("inside");
        assertThat(take(server).getHeaders().get("Host")).isEqualTo(address + ":" + port);

        assertFlag(ResponseFlag.BLOCKED, () -> get(client, "http://127.0.2.5:" + port + "/"));
        assertFlag(ResponseFlag.BLOCKED, () -> get(client, "http://127.0.1.5:1/"));
    }

    private static boolean isKnown(Mesh mesh, String host) {
        return mesh.explain("GET", "http://" + host + "/", Map.of()).decision() != Explanation.Decision.BLOCKED;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2001:db8::1", "2001:DB8::1", "2001:db8:0:0:0:0:0:1", "2001:0db8:0:0::0001", "2001:db8::0.0.0.1"
            })
    void anIpv6AddressIsKnownHoweverItIsWritten(String written) {
        Mesh mesh = mesh("""
                hosts: [external.example]
                addresses: ['%s']
                resolution: NONE
                ports: [{number: 80, name: http, protocol: HTTP}]
                """.formatted(written));

        assertThat(isKnown(mesh, "[2001:db8::1]")).isTrue();
        assertThat(isKnown(mesh, "[2001:DB8:0::1]")).isTrue();
        assertThat(isKnown(mesh, "[2001:db8::2]")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1/32", "127.0.0.0/31", "127.0.0.64/25", "96.0.0.0/3", "0.0.0.0/0"})
    void theBitsOfTheBlockDecide(String block) {
        Mesh mesh = mesh("""
                hosts: [external.example]
                addresses: ['%s']
                resolution: NONE
                ports: [{number: 80, name: http, protocol: HTTP}]
                """.formatted(block));

        assertThat(isKnown(mesh, "127.0.0.1")).isTrue();
        assertThat(isKnown(mesh, "name.example")).isFalse();
        assertThat(isKnown(mesh, "[::1]")).isFalse();
        assertThat(isKnown(mesh, "127.0.0.256")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::/32, [2001:db8::1], true",
        "2001:db8::/32, [2001:db9::1], false",
        "'2001:db8:8000::/33', [2001:db8:7fff::1], false",
        "127.0.0.2/31, 127.0.0.1, false",
        "128.0.0.0/1, 127.0.0.1, false"
    })
    void otherFamiliesAndBits(String block, String address, boolean known) {
        Mesh mesh = mesh("""
                hosts: [external.example]
                addresses: ['%s']
                resolution: NONE
                ports: [{number: 80, name: http, protocol: HTTP}]
                """.formatted(block));

        assertThat(isKnown(mesh, address)).isEqualTo(known);
    }

    @Test
    void theSmallestBlockAndAnAddressOfItsOwnComeFirst() throws Exception {
        MockWebServer wide = backends.start("wide");
        MockWebServer narrow = backends.start("narrow");
        MockWebServer single = backends.start("single");
        StringBuilder entries = new StringBuilder();
        String[] addresses = {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3"};
        MockWebServer[] servers = {wide, narrow, single};
        for (int i = 0; i < addresses.length; i++) {
            entries.append(
                    """
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: e%d}
                    spec:
                      hosts: [e%d.example]
                      addresses: [%s]
                      resolution: STATIC
                      ports: [{number: 80, name: http, protocol: HTTP}]
                      endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                    """.formatted(i, i, addresses[i], endpoint(servers[i]).port()));
        }
        OkHttpClient client = client(entries.toString(), "");

        assertThat(get(client, "http://10.9.9.9/")).isEqualTo("wide");
        assertThat(get(client, "http://10.1.9.9/")).isEqualTo("narrow");
        assertThat(get(client, "http://10.1.2.3/")).isEqualTo("single");
    }
}
