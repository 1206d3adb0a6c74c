package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.Gateway;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.RequestAuthentication;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.StringMatch;
import io.inmesh.model.VirtualService;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** Whatever happens to a rule file, reading it ends, throws nothing, and what it accepts makes sense. */
@Tag("one-jdk")
class ConfigReaderPropertiesTest {
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews, namespace: default, labels: {a: b}}
            spec:
              hosts: [reviews, "*.example.com"]
              gateways: [mesh, ns/gateway]
              exportTo: ["."]
              http:
              - name: first
                match:
                - uri: {prefix: /a}
                  headers: {end-user: {exact: jason}, any: {}}
                  queryParams: {q: {regex: "[a-c]{2,5}"}}
                  port: 9080
                route:
                - destination: {host: reviews, subset: v2, port: {number: 9080}}
                  weight: 75
                  headers: {response: {set: {x: "100%%"}}}
                - destination: {host: ratings}
                  weight: '25'
                timeout: 1.5s
                retries: {attempts: 2, perTryTimeout: 500ms, retryOn: "5xx,503"}
                fault: {delay: {fixedDelay: 7s, percentage: {value: 0.07}}}
                rewrite: {uri: /b}
              - match: [{uri: {exact: /old}}]
                redirect: {uri: /moved, redirectCode: 308}
              - directResponse: {status: 200, body: {string: hello}}
            ---
            apiVersion: networking.istio.io/v1beta1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              trafficPolicy: &policy
                loadBalancer: {simple: RANDOM}
                portLevelSettings:
                - {port: {number: 9080}, loadBalancer: {simple: ROUND_ROBIN}}
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, trafficPolicy: *policy}
            ---
            apiVersion: networking.istio.io/v1alpha3
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              addresses: [10.0.0.0/24]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP, targetPort: 8080}]
              endpoints:
              - {address: 10.0.0.1, ports: {http: 8080}, labels: {version: v1}, weight: 3, locality: a/b/c}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gateway}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: ["*.example.com", ./shop.example.com]
                tls: {httpsRedirect: true}
              - port: {number: 443, name: https, protocol: HTTPS}
                hosts: ["*"]
                tls: {mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /a, minProtocolVersion: TLSV1_2}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: policy}
            spec:
              selector: {matchLabels: {app: web}}
              action: DENY
              rules:
              - from: [{source: {principals: ["*"], notIpBlocks: [10.0.0.0/8]}}]
                to: [{operation: {paths: ["/a/{*}"], methods: [GET], ports: ["80"]}}]
                when: [{key: "request.headers[x]", values: [a]}]
            ---
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: tokens}
            spec:
              jwtRules:
              - issuer: a
                audiences: [b]
                jwksUri: https://example.com/keys
                fromHeaders: [{name: x, prefix: "P "}]
                outputClaimToHeaders: [{header: x-sub, claim: sub}]
                timeout: 2s
            """;

    private static final List<String> PIECES = List.of(
            "",
            " ",
            "  ",
            "\n",
            "\n  ",
            ": ",
            "- ",
            ",",
            "{",
            "}",
            "[",
            "]",
            "'",
            "\"",
            "|",
            ">",
            "#",
            "&a ",
            "*a",
            "*policy",
            "!!str ",
            "? ",
            "---\n",
            "...\n",
            "~",
            "null",
            "true",
            "no",
            "0",
            "-1",
            "99999",
            "2147483648",
            "1e9",
            ".nan",
            "0x1f",
            "010",
            "5s",
            "0s",
            "1h",
            "-5s",
            "%",
            "%A(",
            "*",
            "*.",
            "..",
            "/",
            "(",
            ")*",
            "a{9}",
            "kind: List\n",
            "items:\n",
            "unknown: 1\n",
            "host: ",
            "<<: *policy\n",
            "\u0000",
            "\t",
            "ä",
            "\uD83D\uDE00",
            "mirror: {host: a}\n",
            "weight: 0\n");

    @Property(tries = 2_000)
    void readingEndsAndWhatItAcceptsMakesSense(@ForAll("mutations") List<Mutation> mutations, @ForAll RuleUser user) {
        String text = RULES;
        for (Mutation mutation : mutations) {
            text = mutation.apply(text);
        }

        ConfigReader strictly = ConfigReader.strict().forUser(user);
        Result strict = strictly.read("rules.yaml", text);
        Result lenient = strictly.withUnsupported(UnsupportedFields.WARN).read("rules.yaml", text);

        assertThat(strict).isEqualTo(strictly.read("rules.yaml", text));
        assertThat(lenient.objects()).containsAll(strict.objects());
        strict.problems().forEach(ConfigReaderPropertiesTest::checkProblem);
        lenient.objects().forEach(ConfigReaderPropertiesTest::checkObject);
    }

    @Property(tries = 1_000)
    void anyTextIsRead(@ForAll String text) {
        Result result = ConfigReader.strict().read("any", text);

        result.problems().forEach(ConfigReaderPropertiesTest::checkProblem);
        assertThat(result.objects()).isEmpty();
    }

    /** Replaces {@code length} characters at a place by a piece, or by text from another place. */
    record Mutation(double place, int length, String piece, double source, boolean copy) {
        String apply(String text) {
            int from = (int) (place * text.length());
            int to = Math.min(text.length(), from + length);
            int other = (int) (source * text.length());
            String insert = copy ? text.substring(other, Math.min(text.length(), other + length + 5)) : piece;
            return text.substring(0, from) + insert + text.substring(to);
        }
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return Combinators.combine(
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.of(PIECES),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.of(true, false, false))
                .as(Mutation::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static void checkProblem(ConfigProblem problem) {
        assertThat(problem.message()).isNotBlank();
        assertThat(problem.origin().line()).isNotNegative();
        assertThat(problem.toString()).hasSizeLessThan(2_000);
    }

    private static void checkObject(ConfigObject object) {
        assertThat(object.meta().namespace()).isNotEmpty();
        if (object instanceof VirtualService service) {
            service.http().forEach(ConfigReaderPropertiesTest::checkRoute);
        } else if (object instanceof DestinationRule rule) {
            assertThat(rule.host()).isNotEmpty();
            assertThat(rule.subsets())
                    .allSatisfy(subset -> assertThat(subset.name()).isNotEmpty());
        } else if (object instanceof ServiceEntry entry) {
            assertThat(entry.hosts()).isNotEmpty();
            assertThat(entry.ports())
                    .allSatisfy(port -> assertThat(port.number()).isBetween(1, 65_535));
            assertThat(entry.endpoints())
                    .allSatisfy(endpoint -> assertThat(endpoint.ports().values())
                            .allSatisfy(port -> assertThat(port).isBetween(1, 65_535)));
        } else if (object instanceof Gateway gateway) {
            assertThat(gateway.servers()).isNotEmpty().allSatisfy(server -> {
                assertThat(server.port()).isBetween(server.refused() ? 0 : 1, 65_535);
                assertThat(server.hosts()).isNotEmpty();
            });
        } else if (object instanceof RequestAuthentication authentication) {
            assertThat(authentication.jwtRules())
                    .allSatisfy(
                            rule -> assertThat(rule.issuer() + rule.jwksUri()).isNotEmpty());
        } else if (object instanceof AuthorizationPolicy policy) {
            assertThat(policy.action() == AuthorizationPolicy.Action.DENY
                            && policy.rules().isEmpty())
                    .isFalse();
        }
    }

    private static void checkRoute(HttpRoute route) {
        assertThat(route.route().isEmpty()
                        && route.redirect() == null
                        && route.directResponse() == null
                        && route.delegate() == null)
                .isFalse();
        if (route.timeout() != null) {
            assertThat(route.timeout()).isGreaterThanOrEqualTo(Duration.ofMillis(1));
        }
        assertThat(route.route()).allSatisfy(destination -> {
            assertThat(destination.weight()).isNotNegative();
            assertThat(destination.destination().host()).isNotEmpty();
            assertThat(destination.destination().port()).isBetween(0, 65_535);
        });
        if (route.route().size() > 1) {
            assertThat(route.route().stream()
                            .mapToLong(HttpRouteDestination::weight)
                            .sum())
                    .isPositive();
        }
        if (route.redirect() != null) {
            assertThat(route.redirect().redirectCode()).isBetween(300, 399);
        }
        if (route.fault() != null && route.fault().delay() != null) {
            assertThat(route.fault().delay().partsPerMillion()).isBetween(0, 1_000_000);
            assertThat(route.fault().delay().fixedDelay()).isPositive();
        }
        route.match().forEach(ConfigReaderPropertiesTest::checkMatch);
    }

    private static void checkMatch(HttpMatchRequest match) {
        assertThat(match.port()).isBetween(0, 65_535);
        checkString(match.uri());
        match.headers().values().forEach(ConfigReaderPropertiesTest::checkString);
        match.queryParams().values().forEach(ConfigReaderPropertiesTest::checkString);
    }

    private static void checkString(@Nullable StringMatch match) {
        if (match instanceof StringMatch.Regex regex) {
            assertThat(Pattern.compile(regex.value()).pattern()).isEqualTo(regex.value());
        }
    }
}
