package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Findings across objects of files: what is wrong, the remedy followed to the letter, and what cannot be told. */
class FileFindingsTest {
    private static final String CART = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {selector: {app: cart}, ports: [{port: 80, name: http}]}
            ---
            """;

    private static final String PODS = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: cart-v1, namespace: shop}
            spec: {template: {metadata: {labels: {app: cart, version: v1}}}}
            ---
            """;

    @Test
    void anErrorElsewhereHidesNoFindingAndWhatIsRefusedIsNotMissing() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("route.yaml", route("cart", "{host: cart, subset: v9}"));
        texts.put("refused.yaml", rule("name: other", "cart", "v2").replace("subsets", "subsetz"));
        assertThat(check(texts))
                .containsExactly("route.yaml:4 subset-not-found no DestinationRule defines the subset \"v9\" of"
                        + " cart.shop.svc.cluster.local: calls are answered 503");

        texts.put("refused.yaml", rule("name: other", "cart", "v9").replace("spec: {", "spec: {trafic: 1, "));
        assertThat(check(texts)).isEmpty();

        texts.put("refused.yaml", "a: [");
        assertThat(check(texts))
                .singleElement()
                .asString()
                .endsWith("calls are answered 503, unless refused.yaml, which cannot be read, has it");
    }

    @Test
    void judgesTheDestinationsOfARefusedRule() {
        String refused = route("cart", "{host: basket}").replace("spec: {", "spec: {nothing: 1, ");

        assertThat(check(CART + refused))
                .containsExactly("a.yaml:9 host-not-found no service here has the host basket.shop.svc.cluster.local:"
                        + " its calls would be answered 503, unless discovery or another file knows it");
        assertThat(check(CART + refused.replace("basket", "cart"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cart.shop.svc.cluster.local, false",
        "basket.shop.svc.cluster.local, true",
        "basket.other.svc.cluster.local, false",
        "api.example.com, false",
        "10.1.2.3, false"
    })
    void doubtsHostsAmongOthersOfTheirNamespace(String host, boolean doubted) {
        assertThat(check(CART + route("cart", "{host: " + host + "}"))).hasSize(doubted ? 1 : 0);
    }

    @Test
    void doubtsAHostOutsideWhereOthersAreDescribedInAFolder() {
        String text = entry("bank", "bank.example.com", "") + route("cart", "{host: mail.example.org}");

        assertThat(check(text))
                .singleElement()
                .asString()
                .contains("host-not-found no service here has the host mail.example.org");
        assertThat(check(Map.of("a.yaml", text), false, List.of())).isEmpty();
        assertThat(check(text.replace("mail.example.org", "bank.example.com"))).isEmpty();
    }

    @Test
    void tellsTheNamespaceThatAShortNameShouldHave() {
        String text = CART + route("web", "{host: cart}").replace("namespace: shop", "namespace: default");

        assertThat(problems(Map.of("a.yaml", text), true, List.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.fix()).contains("write cart.shop.svc.cluster.local"));
        assertThat(check(text.replace("{host: cart}", "{host: cart.shop.svc.cluster.local}")))
                .isEmpty();
    }

    @Test
    void takesKnownHostsForAllThatThereIs() {
        Map<String, String> text = Map.of("a.yaml", route("cart", "{host: basket.other.svc.cluster.local}"));

        assertThat(check(text, true, List.of())).isEmpty();
        assertThat(check(text, true, List.of("*.shop.svc.cluster.local")))
                .containsExactly("a.yaml:4 host-not-found no service here has the host basket.other.svc.cluster.local:"
                        + " calls are answered 503");
        assertThat(check(text, true, List.of("Basket.other.svc.cluster.local"))).isEmpty();
        assertThat(check(text, true, List.of("*.other.svc.cluster.local"))).isEmpty();
    }

    @Test
    void tellsOfServicesThatCallersOfTheRuleDoNotSee() {
        String hidden = entry("bank", "bank.example.com", "exportTo: [other], ").replace("shop", "pay");

        assertThat(check(hidden + route("cart", "{host: bank.example.com}")))
                .singleElement()
                .asString()
                .contains("host-not-visible ServiceEntry pay/bank (a.yaml:1:1) with the host bank.example.com is not"
                        + " exported to namespace shop: calls are answered 503 for callers there");
        assertThat(check(hidden.replace("[other]", "[other, shop]") + route("cart", "{host: bank.example.com}")))
                .isEmpty();
        assertThat(check(hidden
                        + route("cart", "{host: bank.example.com}").replace("spec: {", "spec: {exportTo: [other], ")))
                .isEmpty();
    }

    @Test
    void tellsOfPortsThatAServiceHasNot() {
        String two = entry("bank", "bank.example.com", "")
                .replace("[{number: 80", "[{number: 8080, name: more, protocol: HTTP}, {number: 80");

        assertThat(check(two + route("bank.example.com", "{host: bank.example.com, port: {number: 999}}")))
                .singleElement()
                .asString()
                .contains("port-not-found bank.example.com has no port 999 here: calls are answered 503");
        assertThat(check(two + route("web.example.com", "{host: bank.example.com}")))
                .singleElement()
                .asString()
                .contains("port-required no port is chosen, so a call keeps its own, and bank.example.com has 80, 8080"
                        + " alone: calls are answered 503 where they are made to any other port");
        assertThat(check(two + route("web.example.com", "{host: bank.example.com, port: {number: 80}}")))
                .isEmpty();
        assertThat(check(two + route("bank.example.com", "{host: bank.example.com}")))
                .isEmpty();
    }

    @Test
    void comparesSubsetsWithThePodsThatTheServiceSelects() {
        String rule = rule("name: cart, namespace: shop", "cart", "v2");

        assertThat(problems(Map.of("a.yaml", CART + PODS + rule), true, List.of()))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.check().id()).isEqualTo("subset-selects-nothing");
                    assertThat(problem.origin().line()).isEqualTo(14);
                    assertThat(problem.message())
                            .startsWith("of the workloads here that Service shop/cart (a.yaml:1:1) selects none has the"
                                    + " labels version=v2 of the subset \"v2\": calls to it are answered 503");
                    assertThat(problem.fix())
                            .isEqualTo("correct the labels: Deployment shop/cart-v1 has app=cart, version=v1");
                });
        assertThat(check(CART + PODS + rule.replace("version: v2", "version: v1")))
                .isEmpty();
        assertThat(check(CART + rule)).as("no pods here").isEmpty();
        assertThat(check(CART + PODS.replace("app: cart", "app: other") + rule))
                .as("no pods of the service here")
                .isEmpty();
        assertThat(check(CART + PODS + rule.replace("version: v2", "topology.kubernetes.io/zone: a")))
                .as("labels of the Node")
                .isEmpty();
        assertThat(check(CART + PODS + rule.replace("version: v2", "version: '{{ .Values.v }}'")))
                .isEmpty();
    }

    @Test
    void tellsOfSelectorsThatSelectNobody() {
        String rule = rule("name: cart, namespace: shop", "cart", "v1")
                .replace("spec: {", "spec: {workloadSelector: {matchLabels: {app: web}}, ");

        assertThat(check(CART + PODS + rule))
                .containsExactly("a.yaml:14 no-matching-workloads none of the workloads of namespace shop here has the"
                        + " labels app=web: the rule concerns no caller");
        assertThat(check(CART + PODS + rule.replace("app: web", "app: cart"))).isEmpty();
        assertThat(check(CART + rule)).isEmpty();
    }

    @Test
    void tellsWhichProtocolOfTwoCounts() {
        String first = entry("a", "bank.example.com", "");
        String second = entry("b", "bank.example.com", "").replace("protocol: HTTP", "protocol: TLS");

        assertThat(check(second + first))
                .containsExactly("a.yaml:4 conflicting-protocols port 80 of bank.example.com is HTTP in ServiceEntry"
                        + " shop/a (a.yaml:9:43) and TLS here: callers that see both take the former, which comes first"
                        + " by name, and http routes act there");
        assertThat(check(first + second.replace("TLS", "HTTP"))).isEmpty();
        assertThat(check(first.replace("spec: {", "spec: {exportTo: [x], ")
                        + second.replace("spec: {", "spec: {exportTo: [y], ")))
                .isEmpty();
    }

    @Test
    void tellsOfTlsWithoutAuthorities() {
        String tls = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: bank}
                spec:
                  host: bank.example.com
                  trafficPolicy:
                    tls: {mode: SIMPLE}
                    portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]
                """;

        assertThat(check(tls))
                .satisfiesExactly(
                        whole -> assertThat(whole).startsWith("a.yaml:7 tls-without-ca "),
                        port -> assertThat(port).startsWith("a.yaml:8 port-tls-without-ca "));
        assertThat(check(tls.replace("SIMPLE}", "SIMPLE, caCertificates: /etc/ca.crt}")))
                .isEmpty();
        assertThat(check(tls.replace("SIMPLE}", "SIMPLE, insecureSkipVerify: true}")))
                .isEmpty();
    }

    @Test
    void notesPortsThatTellNoProtocol() {
        String service = CART.replace("name: http", "name: web");

        assertThat(notes(service)).containsExactly("a.yaml:4 port-name");
        assertThat(notes(service.replace("namespace: shop", "namespace: kube-system")))
                .isEmpty();
        assertThat(notes(service.replace("name: web", "name: web, appProtocol: http")))
                .isEmpty();
        String alias = CART.replace("selector: {app: cart}", "type: ExternalName, externalName: x.example.com");
        assertThat(notes(alias)).isEmpty();
        assertThat(notes(alias.replace("name: http", "name: tcp"))).containsExactly("a.yaml:4 external-name-port");
        assertThat(notes(entry("a", "db.example.com", "").replace("protocol: HTTP", "protocol: TCP")))
                .containsExactly("a.yaml:4 addresses-required");
    }

    private static String route(String host, String destination) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v, namespace: shop}
                spec: {hosts: [%s], http: [{route: [{destination: %s}]}]}
                ---
                """.formatted(host, destination);
    }

    private static String rule(String metadata, String host, String version) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {%s, namespace: shop}
                spec: {host: %s, subsets: [{name: %s, labels: {version: %s}}]}
                ---
                """.formatted(metadata.replace(", namespace: shop", ""), host, version, version);
    }

    private static String entry(String name, String host, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %s, namespace: shop}
                spec: {%shosts: [%s], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
                ---
                """.formatted(name, more, host);
    }

    private static List<String> check(String text) {
        return check(Map.of("a.yaml", text));
    }

    private static List<String> check(Map<String, String> texts) {
        return check(texts, true, List.of());
    }

    private static List<String> check(Map<String, String> texts, boolean whole, List<String> knownHosts) {
        return problems(texts, whole, knownHosts).stream()
                .map(problem -> problem.origin().source() + ":"
                        + problem.origin().line() + " " + problem.check().id() + " " + problem.message())
                .toList();
    }

    private static List<String> notes(String text) {
        return all(Map.of("a.yaml", text), true, List.of()).stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.NOTE)
                .map(problem -> problem.origin().source() + ":"
                        + problem.origin().line() + " " + problem.check().id())
                .toList();
    }

    private static List<ConfigProblem> problems(Map<String, String> texts, boolean whole, List<String> knownHosts) {
        return all(texts, whole, knownHosts).stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.WARNING)
                .toList();
    }

    private static List<ConfigProblem> all(Map<String, String> texts, boolean whole, List<String> knownHosts) {
        List<ConfigObject> objects = new ArrayList<>();
        texts.forEach((name, text) ->
                objects.addAll(ConfigReader.sensible().read(name, text).objects()));
        return FileChecks.check(new CheckedFiles(
                MeshConfig.of(objects), Manifests.read(texts, "default"), "cluster.local", whole, false, knownHosts));
    }
}
