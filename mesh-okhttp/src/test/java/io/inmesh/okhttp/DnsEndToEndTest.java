package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.TextConfigSource;
import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.event.ResponseFlag;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void aNameWithoutAnAddressOfTheOnlyFamilySaysSo() {
        OkHttpClient client = client(mesh(entry("DNS", 80), "::1").dnsLookupFamily(DnsLookupFamily.V4_ONLY));

        assertThat(assertFlag(ResponseFlag.UH, () -> get(client, NAME)))
                .hasMessageContaining("all its addresses are IPv6, and the DNS lookup family is V4_ONLY");
    }
}
