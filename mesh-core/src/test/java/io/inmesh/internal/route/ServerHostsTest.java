package io.inmesh.internal.route;

import static io.inmesh.testing.Rules.gateway;
import static io.inmesh.testing.Rules.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.ServerTlsSettings;
import io.inmesh.model.ServerTlsSettings.Mode;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the servers of Gateways let in. */
class ServerHostsTest {
    private static GatewayTable compile(List<Gateway> gateways, String... rules) {
        List<VirtualService> read = new ArrayList<>();
        for (String rule : rules) {
            ConfigReader.sensible()
                    .forGateway()
                    .read("rule", rule)
                    .objects()
                    .forEach(object -> read.add((VirtualService) object));
        }
        return new GatewayCompiler(WorkloadIdentity.DEFAULT, gateways, read, Map.of(), List.of(), new ArrayList<>())
                .compile();
    }

    private static String rule(String name, String hosts) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %1$s}
                spec: {hosts: [%2$s], gateways: [gw], http: [{name: %1$s, directResponse: {status: 201}}]}
                """.formatted(name, hosts);
    }

    @ParameterizedTest
    @CsvSource({
        "secure.example.com, 443, true",
        "SECURE.example.com:8443, 443, true",
        "a.wild.example.com, 443, true",
        "open.wild.example.com, 443, false",
        "both.example.com, 443, true",
        "other.example.com, 443, false",
        "secure.example.com, 80, false",
        "secure.example.com, 8443, false"
    })
    void whoAsksForAHostOfAMutualServerNeedsACertificate(String authority, int port, boolean needed) {
        GatewayTable table = compile(List.of(gateway(
                "gw",
                tls(Mode.SIMPLE, "open.wild.example.com", "both.example.com", "*"),
                tls(Mode.MUTUAL, "default/secure.example.com", "*.wild.example.com", "both.example.com"),
                tls(Mode.OPTIONAL_MUTUAL, "*.example.com", "both.example.com"),
                server(80, "*"))));

        assertThat(table.needsClientCertificate(port, authority)).isEqualTo(needed);
    }

    @Test
    void noOtherServerOpensWhatIsBehindCertificates() {
        GatewayTable table = compile(
                List.of(
                        gateway("gw", tls(Mode.MUTUAL, "*.example.com")),
                        gateway("other", tls(Mode.SIMPLE, "secure.example.com", "open.example.com"))),
                rule("secure", "secure.example.com"),
                rule("open", "open.example.com").replace("gateways: [gw]", "gateways: [gw, other]"));

        assertThat(table.needsClientCertificate(443, "secure.example.com")).isTrue();
        assertThat(table.needsClientCertificate(443, "open.example.com")).isFalse();
        assertThat(table.needsClientCertificate(443, "a.example.com.")).isTrue();
    }

    @Test
    void whatIsMeantForAServerThatIsNotExecutedIsNotForAnother() {
        GatewayServer refused =
                tls(Mode.MUTUAL, "secure.example.com").toBuilder().refused(true).build();
        GatewayTable table = compile(
                List.of(gateway("gw", refused, tls(Mode.SIMPLE, "*"))),
                rule("all", "'*'"),
                rule("secure", "secure.example.com"));

        assertThat(table.find("secure.example.com", 443)).isNull();
        assertThat(table.find("SECURE.example.com.:443", 443)).isNull();
        assertThat(table.find("other.example.com", 443)).isNotNull();
    }

    private static GatewayServer tls(Mode mode, String... hosts) {
        return GatewayServer.builder(
                        443,
                        GatewayServer.Protocol.HTTPS,
                        Arrays.stream(hosts)
                                .map(host -> GatewayHost.of(host, "default"))
                                .toList())
                .tls(ServerTlsSettings.builder(mode).build())
                .build();
    }

    @Test
    void aServerThatIsNotExecutedTakesNothingFromOneOfTheSameHost() {
        GatewayServer refused = tls(Mode.MUTUAL, "*").toBuilder().refused(true).build();
        GatewayServer bound =
                server(80, "a.example.com").toBuilder().refused(true).build();
        GatewayTable table = compile(
                List.of(gateway("gw", refused, tls(Mode.SIMPLE, "*"), server(80, "*")), gateway("other", bound)),
                rule("all", "'*'"));

        assertThat(table.find("a.example.com", 443)).isNotNull();
        assertThat(table.needsClientCertificate(443, "a.example.com")).isFalse();
        assertThat(table.find("a.example.com", 80)).as("of another address").isNotNull();
    }
}
