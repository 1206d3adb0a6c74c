package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.Decision;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mesh of rules and a registry that is asked to explain calls. */
abstract class ExplainFixture {
    static final String HOST = "reviews.default.svc.cluster.local";
    static final String URL = "http://reviews:9080/";
    static final String SERVICE = entry("reviews", "hosts: [%s]".formatted(HOST));

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    FakeEndpointSource source = new FakeEndpointSource("registry");

    static String entry(String name, String fields) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %s}
                spec:
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  endpoints:
                  - {address: 127.0.0.1, labels: {version: v1}}
                  - {address: 127.0.0.2, labels: {version: v2}}
                """.formatted(name) + fields.indent(2);
    }

    static String rule(String kind, String metadata, String fields) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: %s
                metadata: {%s}
                spec:
                """.formatted(kind, metadata) + fields.indent(2);
    }

    static String toReviews(String metadata, String fields) {
        return rule(
                "VirtualService", metadata, "http: [{route: [{destination: {host: %s}}]}]\n".formatted(HOST) + fields);
    }

    Mesh mesh(String yaml) {
        return leaks.watch(MeshTesting.manual(Mesh.builder(), new ManualClock(), new Random(1))
                .config(new TextConfigSource("rules", ConfigReader.sensible(), Map.of("rules.yaml", yaml)))
                .endpoints(source)
                .firstAnswerWait(Duration.ZERO)
                .dnsResolver(host -> {
                    throw new UnknownHostException(host);
                })
                .build());
    }

    Explanation explain(String yaml, String url) {
        try (Mesh mesh = mesh(yaml)) {
            return mesh.explain("GET", url, Map.of());
        } finally {
            source = new FakeEndpointSource("registry");
        }
    }

    static void assertSays(Explanation explanation, Decision decision, String... words) {
        assertThat(explanation.decision()).as("%s", explanation.why()).isEqualTo(decision);
        assertThat(explanation.why())
                .anySatisfy(sentence -> assertThat(sentence).contains(words));
    }
}
