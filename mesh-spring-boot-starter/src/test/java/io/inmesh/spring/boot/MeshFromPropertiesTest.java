package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.config.ConfigException;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.explain.Explanation;
import io.inmesh.testing.ScriptedExchange;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What properties make of the application's mesh, and which of them keep it from starting. */
class MeshFromPropertiesTest extends MeshContextFixture {
    @Test
    void theShortFormGivesServicesAndRules() {
        runner.withPropertyValues(
                        "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080", "mesh.services.reviews.timeout=2s")
                .run(context -> {
                    Explanation explanation = explain(context.getBean(Mesh.class), "http://reviews/x");
                    assertThat(explanation.cluster()).isEqualTo("outbound|80||reviews.default.svc.cluster.local");
                    assertThat(explanation.virtualService()).isEqualTo("default/reviews");
                    assertThat(explanation.timeout()).hasSeconds(2);
                });
    }

    @Test
    void rulesInIstiosWordsStandInPropertiesToo() {
        runner.withPropertyValues(
                        "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080", "mesh.resources.any=" + """
                                apiVersion: networking.istio.io/v1
                                kind: VirtualService
                                metadata: {name: from-text}
                                spec:
                                  hosts: [reviews]
                                  http:
                                  - route: [{destination: {host: reviews}}]
                                """)
                .run(context -> assertThat(explain(context.getBean(Mesh.class), "http://reviews/x")
                                .virtualService())
                        .isEqualTo("default/from-text"));
    }

    @Test
    void aMistakeInIstiosWordsIsAFailureWithItsLine() {
        runner.withPropertyValues("mesh.resources.any=" + """
                                apiVersion: networking.istio.io/v1
                                kind: VirtualService
                                metadata: {name: a}
                                spec:
                                  hosts: [reviews]
                                  http:
                                  - rout: []
                                """)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(ConfigException.class)
                        .rootCause()
                        .hasMessageContaining("mesh.resources.any (test):7:5")
                        .hasMessageContaining("rout"));
    }

    private static final String MIRRORED = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: a}
            spec:
              hosts: [reviews]
              http:
              - corsPolicy: {allowMethods: [GET]}
                route: [{destination: {host: reviews}}]
            """;

    @Test
    void aFieldThatIsNotExecutedIsRefusedWhenAskedFor() {
        runner.withPropertyValues("mesh.resources.any=" + MIRRORED, "mesh.config.unsupported=refuse-all")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(ConfigException.class)
                        .rootCause()
                        .hasMessageContaining("corsPolicy"));
    }

    @Test
    void aFieldThatOnlyProtectsIsAWarning() {
        runner.withPropertyValues("mesh.resources.any=" + MIRRORED).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(Mesh.class).status().problems()).anySatisfy(problem -> {
                assertThat(problem.isError()).isFalse();
                assertThat(problem.path()).contains("corsPolicy");
            });
        });
    }

    private static final String SECRET = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: secret}
            spec: {host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
            """;

    @Test
    void aRuleThatAsksForTlsIsAnErrorAndItsCallsAreRefusedButTheApplicationStarts() {
        runner.withPropertyValues(
                        "mesh.resources.any=" + SECRET, "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Mesh mesh = context.getBean(Mesh.class);
                    assertThat(mesh.status().problems()).anySatisfy(problem -> {
                        assertThat(problem.isError()).isTrue();
                        assertThat(problem.object()).isEqualTo("DestinationRule default/secret");
                        assertThat(problem.message()).startsWith("tls.mode ISTIO_MUTUAL");
                    });
                    assertThat(explain(mesh, "http://reviews/x").decision()).isEqualTo(Explanation.Decision.REFUSED);
                });
    }

    @Test
    void withWarningsAloneCallsGoOutAsIfTheRuleDidNotAskForTls() {
        runner.withPropertyValues(
                        "mesh.resources.any=" + SECRET,
                        "mesh.config.unsupported=warn",
                        "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080")
                .run(context -> assertThat(explain(context.getBean(Mesh.class), "http://reviews/x")
                                .decision())
                        .isEqualTo(Explanation.Decision.FORWARD));
    }

    @Test
    void withoutFailFastAnApplicationStartsWithWhatIsGoodOfBrokenRules() {
        String twoRules = MIRRORED + "---\n" + SECRET.replace("trafficPolicy", "trafficPolcy");
        ApplicationContextRunner broken = runner.withPropertyValues(
                "mesh.resources.any=" + twoRules, "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080");

        broken.run(context -> assertThat(context)
                .getFailure()
                .hasRootCauseInstanceOf(ConfigException.class)
                .rootCause()
                .hasMessageContaining("trafficPolcy"));
        broken.withPropertyValues("mesh.config.fail-fast=false").run(context -> {
            assertThat(context).hasNotFailed();
            Mesh mesh = context.getBean(Mesh.class);
            assertThat(mesh.status().problems()).anySatisfy(problem -> {
                assertThat(problem.isError()).isTrue();
                assertThat(problem.object()).isEqualTo("DestinationRule default/secret");
            });
            assertThat(explain(mesh, "http://reviews/x").virtualService()).isEqualTo("default/a");
        });
    }

    @Test
    void identityComesFromPropertiesAndThenFromVariables() {
        runner.withPropertyValues(
                        "POD_NAMESPACE=prod",
                        "mesh.labels.app=shop",
                        "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080",
                        "mesh.services.reviews.routes[0].match[0].source-labels.app=shop",
                        "mesh.services.reviews.routes[0].match[0].source-namespace=prod",
                        "mesh.services.reviews.routes[0].name=mine",
                        "mesh.services.reviews.routes[1].name=rest")
                .run(context -> assertThat(explain(context.getBean(Mesh.class), "http://reviews/x"))
                        .returns("outbound|80||reviews.prod.svc.cluster.local", Explanation::cluster)
                        .returns("mine", Explanation::route));
        runner.withPropertyValues(
                        "POD_NAMESPACE=prod",
                        "mesh.namespace=shop",
                        "mesh.cluster-domain=example.org",
                        "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080")
                .run(context -> assertThat(explain(context.getBean(Mesh.class), "http://reviews/x")
                                .cluster())
                        .isEqualTo("outbound|80||reviews.shop.svc.example.org"));
    }

    @Test
    void unknownHostsAreBlockedWhenAskedFor() {
        runner.withPropertyValues("mesh.outbound-traffic-policy=registry-only").run(context -> {
            assertThat(context.getBean(MeshProperties.class).outboundTrafficPolicy())
                    .isEqualTo(OutboundTrafficPolicy.REGISTRY_ONLY);
            assertThat(explain(context.getBean(Mesh.class), "http://nobody/x").decision())
                    .isEqualTo(Explanation.Decision.BLOCKED);
            assertThat(context.getBean(Mesh.class).knows("http", "nobody")).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({"unrelated=1, 65536", "mesh.http.retry-body-size=1KB, 1024", "mesh.http.retry-body-size=0, 0"})
    void bodiesAreKeptForRetriesAsFarAsIsWritten(String property, long kept) {
        String retried = MIRRORED + "    retries: {attempts: 1, retryOn: 5xx}\n";
        runner.withPropertyValues(
                        "mesh.resources.any=" + retried,
                        "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080",
                        property)
                .run(context -> {
                    ScriptedExchange call = ScriptedExchange.get("http://reviews/x", ScriptedExchange::echoEndpoint);
                    context.getBean(Mesh.class).execute(call).close();
                    assertThat(call.mostKept()).isEqualTo(kept);
                });
    }

    @ParameterizedTest
    @CsvSource({"'', 127.0.0.1", "v6-only, ::1", "V4_ONLY, 127.0.0.1", "all, '127.0.0.1 ::1'"})
    void addressesOfANameAreOfTheFamilyThatIsWritten(String family, String addresses) {
        String rules = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api}
                spec:
                  hosts: [api.example.com]
                  resolution: DNS
                  ports: [{number: 80, name: http, protocol: HTTP}]
                """;
        runner.withPropertyValues(
                        "mesh.resources.api=" + rules,
                        family.isEmpty() ? "unrelated=1" : "mesh.dns.lookup-family=" + family)
                .withBean(
                        MeshBuilderCustomizer.class,
                        () -> builder -> builder.dnsResolver(
                                host -> List.of(InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.1"))))
                .run(context -> assertThat(context.getBean(Mesh.class)
                                .services()
                                .get(0)
                                .endpoints()
                                .get(80))
                        .extracting(Endpoint::address)
                        .containsExactlyInAnyOrder(
                                addresses.replace("::1", "0:0:0:0:0:0:0:1").split(" ")));
    }

    @Test
    void aPropertyThatWouldBeDroppedIsAFailure() {
        runner.withPropertyValues("mesh.services.reviews.rout[0].name=x").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).isInstanceOf(MeshPropertiesException.class);
            assertThat(((MeshPropertiesException) context.getStartupFailure()).problems())
                    .extracting(problem -> problem.path())
                    .containsExactly("mesh.services.reviews.rout");
        });
    }

    @Test
    void aShortFormThatMakesNoSenseIsAFailure() {
        runner.withPropertyValues("mesh.services.reviews.routes[0].to[0].subset=v1")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOfSatisfying(
                                MeshPropertiesException.class,
                                failure -> assertThat(failure.problems())
                                        .extracting(problem -> problem.path())
                                        .containsExactly("mesh.services.reviews.routes[0].to[0].subset")));
    }
}
