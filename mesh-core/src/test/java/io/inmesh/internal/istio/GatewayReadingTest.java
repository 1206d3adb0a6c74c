package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.CorsPolicy;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.GatewayServer.Protocol;
import io.inmesh.model.Origin;
import io.inmesh.model.ServerTlsSettings;
import io.inmesh.model.ServerTlsSettings.Mode;
import io.inmesh.model.ServerTlsSettings.TlsVersion;
import io.inmesh.model.StringMatch;
import io.inmesh.model.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gateways, and what is bound to them, as a gateway reads them. */
class GatewayReadingTest {
    private static final String PORT = "port: {number: 80, name: http, protocol: HTTP}";
    private static final String TLS_PORT = "port: {number: 443, name: https, protocol: HTTPS}";

    private final ConfigReader reader = ConfigReader.sensible().forGateway();

    @Test
    void readsEveryPartOfAGateway() {
        Result result = reader.read("rules.yaml", """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: g, namespace: edge}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 80, name: http, protocol: HTTP}
                    hosts: ["*", ./shop.example.com, "ns/*.example.com", "2001:db8::1"]
                    tls: {httpsRedirect: true}
                  - name: safe
                    port: {number: 443, name: https, protocol: https}
                    hosts: ["*"]
                    tls:
                      mode: MUTUAL
                      serverCertificate: /c
                      privateKey: /k
                      caCertificates: /ca
                      minProtocolVersion: TLSV1_3
                      maxProtocolVersion: TLS_AUTO
                      cipherSuites: [AES128-GCM-SHA256]
                  - {port: {number: 81, name: grpc, protocol: GRPC-WEB}, hosts: [a.com], bind: 0.0.0.0}
                """);

        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.NOTE);
            assertThat(problem.path()).isEqualTo("spec.selector");
        });
        Gateway gateway = (Gateway) result.objects().get(0);
        assertThat(gateway.selector()).isEqualTo(Map.of("istio", "ingressgateway"));
        assertThat(gateway.servers())
                .containsExactly(
                        GatewayServer.builder(
                                        80,
                                        Protocol.HTTP,
                                        List.of(
                                                new GatewayHost("*", "*"),
                                                new GatewayHost("edge", "shop.example.com"),
                                                new GatewayHost("ns", "*.example.com"),
                                                new GatewayHost("*", "2001:db8::1")))
                                .portName("http")
                                .tls(ServerTlsSettings.builder(Mode.PASSTHROUGH)
                                        .httpsRedirect(true)
                                        .build())
                                .origin(new Origin("rules.yaml", 7, 5))
                                .build(),
                        GatewayServer.builder(443, Protocol.HTTPS, List.of(new GatewayHost("*", "*")))
                                .portName("https")
                                .name("safe")
                                .tls(ServerTlsSettings.builder(Mode.MUTUAL)
                                        .serverCertificate("/c")
                                        .privateKey("/k")
                                        .caCertificates("/ca")
                                        .minProtocolVersion(TlsVersion.TLSV1_3)
                                        .cipherSuites(List.of("AES128-GCM-SHA256"))
                                        .build())
                                .origin(new Origin("rules.yaml", 10, 5))
                                .build(),
                        GatewayServer.builder(81, Protocol.GRPC_WEB, List.of(new GatewayHost("*", "a.com")))
                                .portName("grpc")
                                .origin(new Origin("rules.yaml", 21, 5))
                                .build());
        assertThat(gateway.servers()).allMatch(GatewayServer::takesRequests);
        assertThat(result.config().gateways()).containsExactly(gateway);
    }

    private Result gateway(String servers) {
        return reader.read(
                "g.yaml", """
                {apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g}, spec: {servers: [%s]}}
                """.formatted(servers.replace("TLS_PORT", TLS_PORT).replace("PORT", PORT)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | spec.servers | the Gateway has no server",
                "{PORT} | spec.servers[0].hosts | the server has no host",
                "{hosts: [a.com]} | spec.servers[0].port | the server has no port",
                "{PORT, hosts: [shop]} | spec.servers[0].hosts[0] | the short name \"shop\" is no host",
                "{PORT, hosts: ['a b/a.com']} | spec.servers[0].hosts[0] | \"a b\" is not a namespace",
                "{PORT, hosts: ['*a.com']} | spec.servers[0].hosts[0] | a star is a whole part",
                "{PORT, hosts: ['a/']} | spec.servers[0].hosts[0] | a host name must not be empty",
                "{port: {number: 80, name: a}, hosts: ['*']} | spec.servers[0].port.protocol | the port has no protocol",
                "{port: {number: 80, name: a, protocol: HTTTP}, hosts: ['*']} | spec.servers[0].port.protocol | \"HTTTP\" is",
                "{port: {number: 80, name: a, protocol: HTTP, targetPort: 8080}, hosts: ['*']}"
                        + " | spec.servers[0].port.targetPort | targetPort does nothing",
                "{PORT, hosts: ['*'], bind: localhost} | spec.servers[0].bind | \"localhost\" is not an IP address",
                "{PORT, hosts: ['*'], bind: 'unix:///s'} | spec.servers[0].port.number | a Unix domain socket has no port",
                "{PORT, hosts: [a.com]}, {PORT, hosts: [b.com]} | spec.servers[1].port.name | the port name \"http\" is there",
                "{TLS_PORT, hosts: ['*']} | spec.servers[0].tls | a port of protocol HTTPS needs tls",
                "{PORT, hosts: ['*'], tls: {mode: SIMPLE, credentialName: c}} | spec.servers[0].tls | a port without TLS has",
                "{port: {number: 1, name: a, protocol: TCP}, hosts: ['*'], tls: {}} | spec.servers[0].tls"
                        + " | a port that is neither HTTPS nor TLS has no tls",
                "{TLS_PORT, hosts: ['*'], tls: {mode: SIMPLE, privateKey: /k}} | spec.servers[0].tls.serverCertificate"
                        + " | mode SIMPLE needs serverCertificate",
                "{TLS_PORT, hosts: ['*'], tls: {mode: MUTUAL, credentialName: c, credentialNames: [d]}}"
                        + " | spec.servers[0].tls | credentialName, credentialNames",
                "{TLS_PORT, hosts: ['*'], tls: {mode: SIMPLE, serverCertificate: /c, privateKey: /k, caCrl: /r}}"
                        + " | spec.servers[0].tls.caCrl | with mode SIMPLE clients show no certificates",
                "{TLS_PORT, hosts: ['*'], tls: {mode: ISTIO_MUTUAL, credentialName: c}}"
                        + " | spec.servers[0].tls.credentialName | ISTIO_MUTUAL has Istio's own"
            })
    void badGatewaysAreErrorsWithPlaceAndFix(String servers, String path, String message) {
        Result result = gateway(servers);

        assertThat(result.objects()).isEmpty();
        assertThat(result.leavesOut()).isTrue();
        assertThat(result.problems()).filteredOn(ConfigProblem::isError).first().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.message()).startsWith(message);
            assertThat(problem.fix()).isNotBlank();
            assertThat(problem.origin().line()).isEqualTo(1);
            assertThat(problem.origin().column()).isGreaterThan(1);
        });
    }

    @Test
    void aGatewayHasAName() {
        Result result = reader.read("g.yaml", """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: a.b}
                spec: {servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
                """);

        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.toString())
                    .startsWith("g.yaml:1:1: error: metadata: \"a.b\" is not a name for a Gateway;");
        });
    }

    @Test
    void corsPolicyIsExecutedAtAGateway() {
        String text = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v}
                spec:
                  hosts: ["*"]
                  gateways: [g]
                  http:
                  - match: [{uri: {prefix: /a}}]
                    route: [{destination: {host: reviews}}]
                    corsPolicy:
                      allowOrigins: [{exact: "https://a.com"}, {prefix: "https://b"}, {regex: "https://c.*"}]
                      allowMethods: [GET]
                      allowHeaders: [x-a]
                      exposeHeaders: ["*"]
                      maxAge: 24h
                      allowCredentials: false
                      unmatchedPreflights: IGNORE
                  - route: [{destination: {host: reviews}}]
                    corsPolicy: {allowOrigin: ["*"]}
                """;

        Result result = reader.read("v.yaml", text);

        assertThat(result.problems()).isEmpty();
        VirtualService service = (VirtualService) result.objects().get(0);
        assertThat(service.http())
                .extracting("cors")
                .containsExactly(
                        CorsPolicy.builder(List.of(
                                        new StringMatch.Exact("https://a.com"),
                                        new StringMatch.Prefix("https://b"),
                                        new StringMatch.Regex("https://c.*")))
                                .allowMethods(List.of("GET"))
                                .allowHeaders(List.of("x-a"))
                                .exposeHeaders(List.of("*"))
                                .maxAge(Duration.ofDays(1))
                                .allowCredentials(false)
                                .ignoreUnmatchedPreflights(true)
                                .build(),
                        CorsPolicy.builder(List.of(new StringMatch.Exact("*"))).build());
    }
}
