package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.StringMatch;
import io.inmesh.model.VirtualService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private final ConfigReader reader = ConfigReader.strict();

    @Test
    void readsEveryPartOfAVirtualService() {
        ConfigReader.Result result = reader.read("rules.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: reviews
                  namespace: prod
                  creationTimestamp: 2026-01-02T03:04:05Z
                  labels: {a: b}
                  ownerReferences: [{kind: Whatever}]
                spec:
                  hosts: [reviews]
                  http:
                  - name: first
                    match:
                    - uri: {prefix: /a}
                      ignoreUriCase: true
                      headers: {end-user: {exact: jason}, any: {}}
                      withoutHeaders: {x: {regex: "a|b"}}
                      queryParams: {q: {prefix: z}}
                      port: 9080
                      sourceLabels: {app: client}
                      sourceNamespace: prod
                    route:
                    - destination: {host: reviews, subset: v2, port: {number: 9080}}
                      weight: 75
                      headers: {response: {remove: [x-gone]}}
                    - destination: {host: ratings}
                      weight: '25'
                    timeout: 1.5s
                    headers: {request: {set: {b: "1"}, add: {c: "2"}}}
                    rewrite: {uri: /b, authority: other}
                    fault:
                      delay: {fixedDelay: 7s, percentage: {value: 0.07}}
                      abort: {httpStatus: 503, percentage: {value: 100}}
                  - match: [{uri: {exact: /old}}]
                    redirect: {uri: /moved, redirectCode: 308, derivePort: FROM_REQUEST_PORT}
                  - directResponse: {status: 200, body: {string: hällo}}
                """);

        assertThat(result.problems()).isEmpty();
        VirtualService service = (VirtualService) result.objects().get(0);
        assertThat(service.meta().qualifiedName()).isEqualTo("prod/reviews");
        assertThat(service.meta().creationTimestamp()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(service.meta().origin()).isEqualTo(new Origin("rules.yaml", 1, 1));
        HttpRoute first = service.http().get(0);
        assertThat(first.origin()).isEqualTo(new Origin("rules.yaml", 12, 5));
        assertThat(first.timeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(first.match().get(0).uri()).isEqualTo(new StringMatch.Prefix("/a"));
        assertThat(first.match().get(0).headers())
                .isEqualTo(Map.of("end-user", new StringMatch.Exact("jason"), "any", new StringMatch.Present()));
        assertThat(first.match().get(0).ignoreUriCase()).isTrue();
        assertThat(first.match().get(0).port()).isEqualTo(9080);
        assertThat(first.route()).extracting("weight").containsExactly(75, 25);
        assertThat(first.route().get(0).destination().subset()).isEqualTo("v2");
        assertThat(first.route().get(0).headers().response().remove()).containsExactly("x-gone");
        assertThat(first.headers().request().set()).containsEntry("b", "1");
        assertThat(first.fault()).isNotNull();
        assertThat(first.fault().delay().partsPerMillion()).isEqualTo(700);
        assertThat(first.fault().abort().httpStatus()).isEqualTo(503);
        assertThat(service.http().get(1).redirect().redirectCode()).isEqualTo(308);
        assertThat(new String(service.http().get(2).directResponse().body(), StandardCharsets.UTF_8))
                .isEqualTo("hällo");
    }

    @Test
    void readsDestinationRuleAndServiceEntry() {
        ConfigReader.Result result = reader.read("rules.yaml", """
                apiVersion: networking.istio.io/v1beta1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  trafficPolicy:
                    loadBalancer: {simple: RANDOM}
                    portLevelSettings:
                    - port: {number: 9080}
                      loadBalancer: {simple: ROUND_ROBIN}
                  subsets:
                  - {name: v1, labels: {version: v1}}
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  location: MESH_INTERNAL
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: http}]
                  endpoints: [{address: 10.0.0.1, ports: {http: 8080}, labels: {version: v1}, weight: 3}]
                """);

        assertThat(result.problems()).isEmpty();
        DestinationRule rule = (DestinationRule) result.objects().get(0);
        assertThat(rule.meta().namespace()).isEqualTo("default");
        assertThat(rule.trafficPolicy().loadBalancer().simple()).isEqualTo(Simple.RANDOM);
        assertThat(rule.trafficPolicy()
                        .portLevelSettings()
                        .get(0)
                        .loadBalancer()
                        .simple())
                .isEqualTo(Simple.ROUND_ROBIN);
        assertThat(rule.subsets().get(0).labels()).isEqualTo(Map.of("version", "v1"));
        ServiceEntry entry = (ServiceEntry) result.objects().get(1);
        assertThat(entry.ports()).containsExactly(new ServiceEntry.Port(9080, "HTTP", "http", 0));
        assertThat(entry.endpoints().get(0).ports()).isEqualTo(Map.of("http", 8080));
        assertThat(entry.endpoints().get(0).weight()).isEqualTo(3);
        assertThat(result.config().serviceEntries()).containsExactly(entry);
    }

    @Test
    void readsListsAndSkipsEmptyDocuments() {
        ConfigReader.Result result = reader.read("rules.yaml", """
                ---
                # nothing
                ---
                apiVersion: v1
                kind: List
                items:
                - apiVersion: networking.istio.io/v1
                  kind: DestinationRule
                  metadata: {name: a}
                  spec: {host: a}
                - apiVersion: networking.istio.io/v1
                  kind: DestinationRule
                  metadata: {name: b}
                  spec: {host: b, nonsense: 1}
                ...
                """);

        assertThat(result.objects()).extracting(object -> object.meta().name()).containsExactly("a");
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.origin()).isEqualTo(new Origin("rules.yaml", 14, 19));
            assertThat(problem.path()).isEqualTo("items[1].spec.nonsense");
            assertThat(problem.message()).isEqualTo("unknown field \"nonsense\" in DestinationRule");
        });
    }

    @Test
    void notesKindsThatMayBeTakenForRulesAndRefusesWhatHasNoKind() {
        ConfigReader.Result result = reader.read("rules.yaml", """
                apiVersion: v1
                kind: Service
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                ---
                apiVersion: appmesh.k8s.aws/v1beta2
                kind: VirtualService
                ---
                apiVersion: networking.istio.example/v1
                kind: VirtualServices
                ---
                spec: {hosts: [a]}
                ---
                just text
                """);

        assertThat(result.objects()).isEmpty();
        assertThat(result.problems())
                .extracting(ConfigProblem::severity, ConfigProblem::message)
                .containsExactly(
                        ignored("Sidecar", "networking.istio.io/v1"),
                        ignored("VirtualService", "appmesh.k8s.aws/v1beta2"),
                        ignored("VirtualServices", "networking.istio.example/v1"),
                        Tuple.tuple(Severity.ERROR, "the document has no apiVersion and kind"),
                        Tuple.tuple(Severity.ERROR, "a document must be a Kubernetes object, this is a string"));
    }

    private static Tuple ignored(String kind, String apiVersion) {
        return Tuple.tuple(
                Severity.NOTE, "ignored: \"" + kind + "\" of \"" + apiVersion + "\" is no rule that InMesh executes");
    }

    @Test
    void tellsEveryProblemAtOnceWithPlaceAndFix() {
        ConfigReader.Result result = reader.read("rules.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v}
                spec:
                  hosts: [5]
                  htpp: []
                  http:
                  - timeout: 5
                    timeout: 6s
                    route:
                    - destination: {host: reviews, port: 80}
                      weight: 2147483648
                    - destination: reviews
                      weihgt: 5
                """);

        assertThat(result.objects()).isEmpty();
        assertThat(result.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "rules.yaml:5:11: error: spec.hosts[0]: hosts must be a string, this is a number;"
                                + " put it in quotes: \"5\"",
                        "rules.yaml:6:3: error: spec.htpp: unknown field \"htpp\" in VirtualService;"
                                + " did you mean \"http\"?",
                        "rules.yaml:8:14: error: spec.http[0].timeout: timeout must be a duration such as 1.5s,"
                                + " this is a number; write it with a unit, such as 5s or 250ms",
                        "rules.yaml:9:5: error: spec.http[0].timeout: the key \"timeout\" stands twice in the same"
                                + " map; remove one of them",
                        "rules.yaml:11:42: error: spec.http[0].route[0].destination.port: PortSelector must be a map"
                                + " with fields, this is a number; write it as {number: 80}",
                        "rules.yaml:12:15: error: spec.http[0].route[0].weight: weight is 2147483648, out of range;"
                                + " write a whole number from 0 to 2147483647",
                        "rules.yaml:13:20: error: spec.http[0].route[1].destination: Destination must be a map with"
                                + " fields, this is a string; write its fields: host, subset, port",
                        "rules.yaml:14:7: error: spec.http[0].route[1].weihgt: unknown field \"weihgt\" in"
                                + " HTTPRouteDestination; did you mean \"weight\"?");
    }

    @Test
    void nullCountsAsAbsentButNotInsideListsAndMaps() {
        ConfigReader.Result result = reader.read("rules.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: ~
                spec:
                  hosts: [a]
                  gateways: null
                  http:
                  - match: [{headers: {x: null}}]
                    timeout:
                    route: [{destination: {host: a}}]
                """);

        assertThat(result.problems()).isEmpty();
        HttpRoute route = ((VirtualService) result.objects().get(0)).http().get(0);
        assertThat(route.timeout()).isNull();
        assertThat(route.match().get(0).headers()).isEqualTo(Map.of("x", new StringMatch.Present()));
    }

    @Test
    void mergesMapsAsKubernetesDoes() {
        ConfigReader.Result result = reader.read("rules.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                spec:
                  hosts: [a]
                  http:
                  - &base
                    match: [{uri: {exact: /a}}]
                    route: &route [{destination: {host: a}}]
                    timeout: 5s
                  - <<: [*base, {name: second, timeout: 7s}]
                    match: [{uri: {exact: /b}}]
                  - match: [{headers: {"<<": {exact: x}}}]
                    route: *route
                """);

        assertThat(result.problems()).extracting(ConfigProblem::message).containsExactly("\"<<\" is not a header name");
        result =
                reader.read("rules.yaml", "{apiVersion: networking.istio.io/v1, kind: DestinationRule, spec: {<<: 5}}");
        assertThat(result.problems())
                .extracting(ConfigProblem::message)
                .containsExactly("<< merges maps, this is a number");
        result = reader.read("rules.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                spec:
                  hosts: [a]
                  http:
                  - &base
                    match: [{uri: {exact: /a}}]
                    route: [{destination: {host: a}}]
                    timeout: 5s
                  - <<: [*base, {name: second, timeout: 7s}]
                    match: [{uri: {exact: /b}}]
                """);
        HttpRoute second = ((VirtualService) result.objects().get(0)).http().get(1);
        assertThat(second.name()).isEqualTo("second");
        assertThat(second.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(second.match().get(0).uri()).isEqualTo(new StringMatch.Exact("/b"));
        assertThat(second.route().get(0).destination().host()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({
        "networking.istio.io/v1, VirtualServices, 'did you mean \"VirtualService\"?'",
        "networking.istio.io/v2, VirtualService, 'write apiVersion: networking.istio.io/v1'",
        "networking.istio.io/v1, Gatway, 'did you mean \"Gateway\"?'",
        "security.istio.io/v1, VirtualService, 'write apiVersion: networking.istio.io/v1'",
        "networking.istio.io/v1, AuthorizationPolicy, 'write apiVersion: security.istio.io/v1'"
    })
    void warnsOfKindsThatAreLikelySlips(String apiVersion, String kind, String fix) {
        ConfigReader.Result result = reader.read("a", "{apiVersion: " + apiVersion + ", kind: " + kind + "}");

        assertThat(result.problems())
                .extracting(ConfigProblem::severity, ConfigProblem::fix)
                .containsExactly(Tuple.tuple(Severity.WARNING, fix));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r", "\n"})
    void everyKindOfLineEndCountsLinesAlike(String lineEnd) {
        String text = "\uFEFFapiVersion: networking.istio.io/v1\nkind: DestinationRule\nspec:\n  host: a\n  bad: 1\n";

        ConfigReader.Result result = reader.read("a", text.replace("\n", lineEnd));

        assertThat(result.problems()).extracting(ConfigProblem::origin).containsExactly(new Origin("a", 5, 3));
    }

    @Test
    void aMisspeltSpecIsOneProblem() {
        ConfigReader.Result result =
                reader.read("a", "{apiVersion: networking.istio.io/v1, kind: DestinationRule, specs: {host: a}}");

        assertThat(result.problems()).extracting(ConfigProblem::fix).containsExactly("did you mean \"spec\"?");
    }

    @Test
    void readsTreesLikeText() {
        Map<String, Object> tree = Map.of(
                "apiVersion", "networking.istio.io/v1",
                "kind", "DestinationRule",
                "metadata", Map.of("name", "d", "namespace", "n", "uid", "1"),
                "spec", Map.of("host", "reviews", "subsets", List.of(Map.of("name", 7))),
                "status", Map.of("anything", true));

        ConfigReader.Result result = reader.readTree("DestinationRule/n/d", tree);

        assertThat(result.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("DestinationRule/n/d: error: spec.subsets[0].name: name must be a string, this is a"
                        + " number; put it in quotes: \"7\"");
    }

    @Test
    void objectsWithoutNamespaceTakeTheDefaultOne() {
        ConfigReader.Result result = reader.withDefaultNamespace("shop")
                .read("a", "{apiVersion: networking.istio.io/v1, kind: DestinationRule, spec: {host: a}}");

        assertThat(result.objects())
                .extracting(object -> object.meta().namespace())
                .containsExactly("shop");
    }
}
