package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConflictsTest {
    private static final String HTTP = "{number: 80, name: http, protocol: HTTP}";
    private static final String TCP = "{number: 80, name: tcp, protocol: TCP}";
    private static final String HTTPS = "{number: 443, name: https, protocol: HTTPS}";
    private static final String CERTIFICATE = ", tls: {mode: SIMPLE, credentialName: example}";

    @Test
    void tellsBothOfTwoThatCannotShareAPort() {
        CheckedFile wrong = CheckedFile.of(
                gateway("a", "istio: in", HTTP, "a.example.com", ""),
                gateway("b", "istio: in", TCP, "b.example.com", ""));

        assertThat(wrong.lines(ConfigCheck.CONFLICTING_GATEWAYS))
                .containsExactly(
                        "15 spec.servers[0].port.number: Gateway default/a (rules.yaml:6:5) has HTTP at port 80 of the same"
                                + " workloads, and HTTP and TCP cannot share a port: Istio's gateways take the one that was"
                                + " created first and leave the other server out with all its hosts; give one of the two"
                                + " another port",
                        "6 spec.servers[0].port.number: Gateway default/b (rules.yaml:15:5) has TCP at port 80 of the same"
                                + " workloads, and HTTP and TCP cannot share a port: Istio's gateways take the one that was"
                                + " created first and leave the other server out with all its hosts; give one of the two"
                                + " another port");
        assertThat(wrong.checks()).hasSize(2);
        assertThat(wrong.with("{number: 80, name: tcp", "{number: 9000, name: tcp")
                        .checks())
                .isEmpty();
    }

    @Test
    void tellsWhichIsOlderWhereThatIsKnown() {
        CheckedFile wrong = CheckedFile.of(
                gateway("a, creationTimestamp: '2026-02-01T00:00:00Z'", "istio: in", HTTP, "a.example.com", ""),
                gateway("b, creationTimestamp: '2026-01-01T00:00:00Z'", "istio: in", TCP, "b.example.com", ""));

        assertThat(wrong.lines(ConfigCheck.CONFLICTING_GATEWAYS))
                .satisfiesExactly(
                        loser -> assertThat(loser)
                                .contains(
                                        "6 spec.servers[0]",
                                        ": it is older, and Istio's gateways leave this server out"),
                        owner -> assertThat(owner)
                                .contains(
                                        "15 spec", ": this one is older, and Istio's gateways leave that server out"));
    }

    @Test
    void aHostUnderTlsBelongsToOne() {
        CheckedFile wrong = CheckedFile.of(
                gateway("a", "istio: in", HTTPS, "a.example.com, b.example.com", CERTIFICATE),
                gateway("b", "istio: in", HTTPS, "c.example.com, B.example.com", CERTIFICATE));

        assertThat(wrong.lines(ConfigCheck.CONFLICTING_GATEWAYS))
                .satisfiesExactly(
                        loser -> assertThat(loser)
                                .startsWith(
                                        "16 spec.servers[0].hosts[1]: Gateway default/a (rules.yaml:6:5) has the host"
                                                + " b.example.com by TLS at port 443 of the same workloads: Istio's gateways take"
                                                + " the one that was created first")
                                .endsWith("; put the hosts of both servers into one server of one Gateway"),
                        owner -> assertThat(owner).startsWith("7 spec.servers[0].hosts[1]: Gateway default/b"));
        assertThat(wrong.with(", B.example.com", "").lines(ConfigCheck.CONFLICTING_GATEWAYS))
                .isEmpty();
    }

    @Test
    void twoServersOfOneGatewayAreToldOnce() {
        String server = "{port: " + HTTPS + ",\n hosts: [a.example.com]" + CERTIFICATE + "}";
        CheckedFile wrong = CheckedFile.of(gateway("a", "istio: in", HTTPS, "a.example.com", CERTIFICATE)
                .replace("}]}", "}, " + server.replace("name: https", "name: more") + "]}"));

        assertThat(wrong.lines(ConfigCheck.CONFLICTING_GATEWAYS))
                .singleElement()
                .asString()
                .startsWith(
                        "9 spec.servers[1].hosts[0]: the server at rules.yaml:6:5 has the host a.example.com by TLS at"
                                + " port 443: it comes first, and Istio's gateways leave this server out with all its hosts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "istio: in | istio: in | 2",
                "istio: in, app: a | istio: in | 2",
                "istio: in | app: a, istio: in | 2",
                " | istio: in | 2",
                "istio: in | istio: out | 0",
                "istio: in | app: in | 0",
                "istio: in, app: a | istio: in, app: b | 0"
            })
    void looksWhetherTheWorkloadsAreTheSame(String one, String other, int found) {
        CheckedFile file = CheckedFile.of(
                gateway("a", one == null ? "" : one, TCP, "a.example.com", ""),
                gateway("b", other, TCP, "a.example.com", ""));

        assertThat(file.checks()).hasSize(found);
    }

    @Test
    void whatSharesAPortWellIsNoFinding() {
        assertThat(CheckedFile.of(
                                gateway("a", "istio: in", HTTP, "'*'", ""),
                                gateway("b", "istio: in", HTTP.replace("HTTP}", "GRPC}"), "'*'", ""),
                                gateway("c", "istio: in", HTTP, "'*'", ", tls: {httpsRedirect: true}"))
                        .checks())
                .as("HTTP without TLS")
                .isEmpty();
        assertThat(CheckedFile.of(
                                gateway("a", "istio: in", TCP, "'*'", ", bind: 10.0.0.1"),
                                gateway("b", "istio: in", HTTP, "'*'", ", bind: 10.0.0.2"))
                        .checks())
                .as("other addresses")
                .isEmpty();
        assertThat(CheckedFile.of(
                                gateway("a", "istio: in", HTTPS, "'*.example.com'", CERTIFICATE),
                                gateway(
                                        "b",
                                        "istio: in",
                                        HTTPS,
                                        "a.example.com",
                                        ", tls: {mode: SIMPLE, credentialName: other}"))
                        .checks())
                .as("a pattern and a name that it covers")
                .isEmpty();
    }

    @Test
    void warnsOfConnectionsThatAreSharedForOneCertificate() {
        CheckedFile wrong = CheckedFile.of(
                gateway("a", "istio: in", HTTPS, "a.example.com", CERTIFICATE),
                gateway("b", "istio: in, zone: x", HTTPS, "b.example.com, c.example.com", CERTIFICATE));

        assertThat(wrong.lines(ConfigCheck.DUPLICATE_CERTIFICATE))
                .containsExactly(
                        "8 spec.servers[0].tls.credentialName: Gateway default/b (rules.yaml:15:5) has the same"
                                + " certificate at port 443 for b.example.com and 1 more: a client with HTTP/2 may ask for these"
                                + " hosts on a connection that it has for a.example.com, where Istio's gateways answer 404; put the"
                                + " hosts of both servers into one server of one Gateway");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(CheckedFile.of(gateway(
                                "a", "istio: in", HTTPS, "a.example.com, b.example.com, c.example.com", CERTIFICATE))
                        .checks())
                .isEmpty();
        assertThat(wrong.with("istio: in, zone: x", "istio: in").lines(ConfigCheck.DUPLICATE_CERTIFICATE))
                .as("both may take the other's connections")
                .hasSize(2);
    }

    @Test
    void connectionsAreNotSharedAcrossPortsWorkloadsAndCertificates() {
        String a = gateway("a", "istio: in", HTTPS, "a.example.com", CERTIFICATE);
        for (String b : new String[] {
            gateway("b", "istio: in", HTTPS.replace("443", "8443"), "b.example.com", CERTIFICATE),
            gateway("b", "istio: out", HTTPS, "b.example.com", CERTIFICATE),
            gateway("b", "istio: in", HTTPS, "b.example.com", CERTIFICATE.replace(": example", ": other")),
            gateway("b", "istio: in", HTTPS, "b.example.com", ", tls: {mode: PASSTHROUGH}")
        }) {
            assertThat(CheckedFile.of(a, b).checks()).isEmpty();
        }
        String files = ", tls: {mode: SIMPLE, serverCertificate: /c.pem, privateKey: /k.pem}";
        assertThat(CheckedFile.of(
                                gateway("a", "istio: in", HTTPS, "a.example.com", files),
                                gateway("b", "istio: in", HTTPS, "b.example.com", files))
                        .lines(ConfigCheck.DUPLICATE_CERTIFICATE))
                .hasSize(2)
                .allMatch(line -> line.contains("spec.servers[0].tls.serverCertificate"));
    }

    private static String gateway(String name, String selector, String port, String hosts, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: %s}
                spec: {selector: {%s},
                  servers: [
                    {port: %s,
                     hosts: [%s]
                     %s}]}
                """.formatted(name, selector, port, hosts, more);
    }
}
