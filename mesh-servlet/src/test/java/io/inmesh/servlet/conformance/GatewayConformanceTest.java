package io.inmesh.servlet.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigException;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.conformance.ConformanceReplay.Difference;
import io.inmesh.servlet.conformance.RecordedScenario.Outcome;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All recorded scenarios over real sockets. Where the answer is another one on purpose, docs/differences.md says why: the
 * tests below hold that it is these requests and no others.
 */
@Tag("one-jdk")
class GatewayConformanceTest {
    /** Paths that somebody else reads in another way than Envoy does. */
    private static final Set<String> TWO_READINGS =
            Set.of("/admin%2f", "/admin%2fx", "/admin;a=b", "/;a/admin", "/..;/admin", "/%2e%2e/admin", "/admin\\x");

    /** Refused by Jetty alone. */
    private static final String DOTS_IN_ESCAPES = "/a/%2e%2e/admin";

    /** Whatever the gateway would say. */
    private static final Set<String> REFUSED_BY_TOMCAT =
            Set.of("/..;/admin", "/%2e%2e/admin", "/admin%2f", "/admin%2fx", "/admin\\x");

    /** Merged unless told otherwise, so that both are one path to every rule; Jetty refuses it by itself. */
    private static final Set<String> TWO_SLASHES = Set.of("//api", "//admin");

    @Test
    void doesWhatTheRecordedGatewayDidWhereNothingIsStricter() throws Exception {
        List<Difference> differences = replay(ContainerKind.TOMCAT, PathPolicy.AS_ISTIO);

        assertThat(differences)
                .allSatisfy(difference -> {
                    assertThat(difference.request().target()).isIn(REFUSED_BY_TOMCAT);
                    assertThat(difference.got().status()).isEqualTo(400);
                })
                .hasSameSizeAs(REFUSED_BY_TOMCAT);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void isStricterWithPathsAlone(ContainerKind kind) throws Exception {
        List<Difference> differences = replay(kind, PathPolicy.STRICT);

        Set<String> refused = new TreeSet<>();
        for (Difference difference : differences) {
            String target = difference.request().target();
            Outcome got = difference.got();
            if (TWO_READINGS.contains(target)) {
                assertThat(got.status()).as(difference.toString()).isEqualTo(400);
                refused.add(target);
            } else if (TWO_SLASHES.contains(target)) {
                boolean refusedByJetty = kind == ContainerKind.JETTY && got.status() == 400;
                boolean merged = got.backend().isEmpty() || got.target().equals(target.substring(1));
                assertThat(refusedByJetty || merged).as(difference.toString()).isTrue();
            } else if (target.equals(DOTS_IN_ESCAPES)) {
                assertThat(kind).isEqualTo(ContainerKind.JETTY);
                assertThat(got.status()).isEqualTo(400);
            } else {
                throw new AssertionError(difference);
            }
            // Nobody comes in who would not have at Istio's.
            assertThat(got.backend())
                    .as(difference.toString())
                    .isIn("", difference.wanted().backend());
        }
        assertThat(refused).isEqualTo(new TreeSet<>(TWO_READINGS));
    }

    private static List<Difference> replay(ContainerKind kind, PathPolicy paths) throws Exception {
        AtomicReference<GatewayServlet> servlet = new AtomicReference<>();
        List<Difference> differences = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        int requests = 0;
        try (EchoBackends backends = new EchoBackends();
                ServletContainer container = kind.container()
                        .handler("/", (request, response) -> servlet.get().service(request, response))
                        .start()) {
            ConformanceReplay replay = new ConformanceReplay(backends);
            for (RecordedScenario scenario : RecordedScenario.all()) {
                try (Mesh mesh = replay.mesh(scenario)) {
                    servlet.set(GatewayServlet.builder(mesh)
                            .port(container.port(), ConformanceReplay.PORT)
                            .pathPolicy(paths)
                            .build());
                    differences.addAll(differences(scenario, replay, container));
                    servlet.get().destroy();
                    requests += scenario.requests().size();
                } catch (ConfigException refused) {
                    invalid.add(scenario.name());
                }
            }
        }
        assertThat(invalid)
                .isEqualTo(RecordedScenario.all().stream()
                        .filter(RecordedScenario::isInvalid)
                        .map(RecordedScenario::name)
                        .toList());
        assertThat(requests).isEqualTo(2608);
        return differences;
    }

    private static List<Difference> differences(
            RecordedScenario scenario, ConformanceReplay replay, ServletContainer container) throws IOException {
        assertThat(scenario.isInvalid()).as(scenario.name()).isFalse();
        return replay.differences(scenario, container);
    }
}
