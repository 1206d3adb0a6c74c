package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.explain.EndpointState;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.Decision;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshSnapshotTest {
    private static final String REVIEWS = "reviews.default.svc.cluster.local";

    private final HostRegistry hosts = new HostRegistry();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<ServiceEndpoints> services =
            new ArrayList<>(List.of(service(REVIEWS, "default", ServiceEndpoints.State.ENDPOINTS, 9080)));
    private WorkloadIdentity self = WorkloadIdentity.DEFAULT;
    private boolean registryOnly;

    private static ServiceEndpoints service(String host, String namespace, ServiceEndpoints.State state, int... ports) {
        List<ServicePort> servicePorts = new ArrayList<>();
        Map<Integer, List<Endpoint>> endpoints = new TreeMap<>();
        for (int port : ports) {
            servicePorts.add(new ServicePort(port, "http-" + port, port == 443 ? "HTTPS" : "HTTP"));
            endpoints.put(port, List.of(endpoint(host, 1, "v1"), endpoint(host, 2, "v2")));
        }
        return new ServiceEndpoints(
                new ServiceName(host), namespace, state, List.of("10.0.0.9"), servicePorts, endpoints, List.of());
    }

    private static Endpoint endpoint(String host, int number, String version) {
        return new Endpoint(
                host + "/" + number,
                "10.1.0." + number,
                8080,
                Locality.UNKNOWN,
                1,
                Map.of("version", version),
                Condition.READY);
    }

    private MeshSnapshot compile(String yaml) {
        return compile(yaml, null);
    }

    private MeshSnapshot compile(String yaml, MeshSnapshot previous) {
        ConfigReader.Result read = ConfigReader.strict().read("rules.yaml", yaml);
        assertThat(read.problems()).noneMatch(ConfigProblem::isError);
        MeshConfig config = new MeshConfig(
                of(read.objects(), VirtualService.class), of(read.objects(), DestinationRule.class), List.of());
        SnapshotCompiler.Result result = new SnapshotCompiler(self, registryOnly, false, new Random(1))
                .compile(config, services, hosts, previous, previous == null ? 1 : previous.version() + 1);
        problems.clear();
        problems.addAll(result.problems());
        return result.snapshot();
    }

    private static <T extends ConfigObject> List<T> of(List<ConfigObject> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static Explanation explain(MeshSnapshot snapshot, String url) {
        return snapshot.explain(SimpleRequestHead.of("GET", url, Map.of()), new Random(1));
    }

    private static String virtualService(String metadata, String rest) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {%s}
                spec: {%s}
                ---
                """.formatted(metadata, rest);
    }

    private static String destinationRule(String metadata, String rest) {
        return virtualService(metadata, rest).replace("VirtualService", "DestinationRule");
    }

    private static String answer(int status) {
        return "http: [{directResponse: {status: " + status + "}}]";
    }

    @ParameterizedTest
    @CsvSource({
        "http://reviews:9080/, FORWARD",
        "http://reviews.default:9080/, FORWARD",
        "http://REVIEWS.default.svc:9080/, FORWARD",
        "http://reviews.default.svc.cluster.local:9080/, FORWARD",
        "http://reviews.default.svc.cluster.local.:9080/, FORWARD",
        "http://10.0.0.9:9080/, FORWARD",
        "http://reviews.:9080/, PASSTHROUGH",
        "http://reviews.other:9080/, PASSTHROUGH",
        "http://reviews:9081/, PASSTHROUGH",
        "http://reviews/, PASSTHROUGH",
        "http://10.0.0.8:9080/, PASSTHROUGH",
    })
    void aServiceIsKnownUnderTheNamesThatItsCallersMayDial(String url, Decision decision) {
        assertThat(explain(compile(""), url).decision()).isEqualTo(decision);
    }

    @Test
    void shortNamesBelongToTheServicesOwnNamespace() {
        self = WorkloadIdentity.DEFAULT.with("other", Map.of());

        assertThat(explain(compile(""), "http://reviews:9080/").decision()).isEqualTo(Decision.PASSTHROUGH);
        assertThat(explain(compile(""), "http://reviews.default:9080/").decision())
                .isEqualTo(Decision.FORWARD);
    }

    @Test
    void unknownHostsAreBlockedOnRequest() {
        registryOnly = true;

        assertThat(explain(compile(""), "http://elsewhere/").decision()).isEqualTo(Decision.BLOCKED);
    }

    @Test
    void theLongestWildcardHasAHostAndAnExactNameBeatsIt() {
        MeshSnapshot snapshot = compile(virtualService("name: a", "hosts: ['*.example.com'], " + answer(201))
                + virtualService("name: b", "hosts: ['*.deep.example.com'], " + answer(202))
                + virtualService("name: c", "hosts: [x.deep.example.com], " + answer(203)));

        assertThat(explain(snapshot, "http://a.example.com/").status()).isEqualTo(201);
        assertThat(explain(snapshot, "http://a.deep.example.com/").status()).isEqualTo(202);
        assertThat(explain(snapshot, "http://x.deep.example.com/").status()).isEqualTo(203);
        assertThat(explain(snapshot, "http://example.com/").decision()).isEqualTo(Decision.PASSTHROUGH);
    }

    @Test
    void aWildcardRuleHasTheServicesThatItCovers() {
        MeshSnapshot snapshot =
                compile(virtualService("name: all", "hosts: ['*.default.svc.cluster.local'], " + answer(201)));

        assertThat(explain(snapshot, "http://reviews:9080/").status()).isEqualTo(201);
    }

    @Test
    void ofTwoRulesForOneHostTheFirstNameWinsAndTheOtherIsReported() {
        MeshSnapshot snapshot = compile(virtualService("name: b", "hosts: [reviews], " + answer(202))
                + virtualService("name: a", "hosts: [reviews], " + answer(201)));

        assertThat(explain(snapshot, "http://reviews:9080/").status()).isEqualTo(201);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.WARNING);
            assertThat(problem.message()).contains("default/a", "default/b", REVIEWS);
        });
    }

    @Test
    void aRulePrivateToTheNamespaceBeatsAPublicOne() {
        MeshSnapshot snapshot = compile(virtualService("name: a", "hosts: [reviews], " + answer(201))
                + virtualService("name: b", "exportTo: ['.'], hosts: [reviews], " + answer(202)));

        assertThat(explain(snapshot, "http://reviews:9080/").status()).isEqualTo(202);
    }

    @Test
    void aRuleExportedToItsOwnNamespaceByNameIsPrivateToIt() {
        String fullName = "hosts: [" + REVIEWS + "], ";
        MeshSnapshot snapshot =
                compile(virtualService("name: a, namespace: other", "exportTo: [default], " + fullName + answer(201))
                        + virtualService("name: b", "exportTo: [default, third], " + fullName + answer(202)));

        assertThat(explain(snapshot, "http://reviews:9080/").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({"., FORWARD", "default, DIRECT_RESPONSE", "third, FORWARD", "*, DIRECT_RESPONSE"})
    void aRuleIsSeenWhereItIsExported(String exportTo, Decision decision) {
        MeshSnapshot snapshot = compile(virtualService(
                "name: a, namespace: other",
                "exportTo: ['" + exportTo + "'], hosts: [" + REVIEWS + "], " + answer(201)));

        assertThat(explain(snapshot, "http://reviews:9080/").decision()).isEqualTo(decision);
    }

    @Test
    void aRuleOfWhichNothingConcernsTheCallerLeavesTheDefaultRoute() {
        MeshSnapshot snapshot = compile(virtualService(
                "name: a",
                "hosts: [reviews], http: [{match: [{sourceLabels: {app: other}}], directResponse: {status: 201}}]"));

        assertThat(explain(snapshot, "http://reviews:9080/").route()).isEqualTo("default");
    }

    @Test
    void rulesDoNotTouchHttpsPorts() {
        services.add(service("api.example.com", "default", ServiceEndpoints.State.ENDPOINTS, 80, 443));
        MeshSnapshot snapshot = compile(virtualService(
                "name: a", "hosts: [api.example.com], http: [{match: [{port: 80}], directResponse: {status: 201}}]"));

        assertThat(explain(snapshot, "http://api.example.com/").status()).isEqualTo(201);
        assertThat(explain(snapshot, "https://api.example.com/").decision()).isEqualTo(Decision.FORWARD);
    }

    @Test
    void aDestinationWithoutPortGoesToThePortThatWasCalled() {
        services.add(service("two.default.svc.cluster.local", "default", ServiceEndpoints.State.ENDPOINTS, 80, 81));
        MeshSnapshot snapshot = compile(virtualService(
                "name: two",
                "hosts: [two], http: [{match: [{uri: {prefix: /80}}], route: [{destination: {host: two, port: {number:"
                        + " 80}}}]}, {route: [{destination: {host: two}}]}]"));

        assertThat(explain(snapshot, "http://two:81/").cluster()).startsWith("outbound|81|");
        assertThat(explain(snapshot, "http://two:81/80").cluster()).startsWith("outbound|80|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trafficPolicy: {loadBalancer: {simple: RANDOM}} | | RANDOM",
                "trafficPolicy: {loadBalancer: {simple: LEAST_CONN}} | | LEAST_REQUEST",
                "trafficPolicy: {loadBalancer: {simple: RANDOM}} | trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}"
                        + " | ROUND_ROBIN",
                "trafficPolicy: {loadBalancer: {simple: RANDOM}, portLevelSettings: [{port: {number: 9080},"
                        + " loadBalancer: {simple: ROUND_ROBIN}}]} | | ROUND_ROBIN",
                "trafficPolicy: {loadBalancer: {simple: RANDOM}, portLevelSettings: [{port: {number: 9080}, tls:"
                        + " {mode: DISABLE}}]} | |"
                        + " LEAST_REQUEST",
                "trafficPolicy: {loadBalancer: {simple: RANDOM}, portLevelSettings: [{port: {number: 9081},"
                        + " loadBalancer: {simple: ROUND_ROBIN}}]} | | RANDOM",
                "trafficPolicy: {loadBalancer: {simple: RANDOM}} | trafficPolicy: {portLevelSettings: [{port: {number:"
                        + " 9080}, loadBalancer: {simple: ROUND_ROBIN}}]} | ROUND_ROBIN",
            })
    void theBalancerIsTakenFromThePortTheSubsetOrTheTop(String top, String subset, String expected) {
        String subsetText = "name: v1, labels: {version: v1}" + (subset == null ? "" : ", " + subset);
        MeshSnapshot snapshot = compile(destinationRule(
                        "name: d", "host: reviews, " + top + ", subsets: [{" + subsetText + "}]")
                + virtualService(
                        "name: v", "hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]"));

        assertThat(explain(snapshot, "http://reviews:9080/").policies()).containsEntry("loadBalancer", expected);
    }

    @Test
    void theCallersNamespaceHasTheFirstWordOnADestination() {
        self = WorkloadIdentity.DEFAULT.with("mine", Map.of());
        String policy = ", trafficPolicy: {loadBalancer: {simple: %s}}";
        MeshSnapshot snapshot = compile(destinationRule(
                        "name: a, namespace: default", "host: reviews" + policy.formatted("RANDOM"))
                + destinationRule("name: b, namespace: mine", "host: " + REVIEWS + policy.formatted("ROUND_ROBIN")));

        Explanation explanation = explain(snapshot, "http://reviews.default:9080/");

        assertThat(explanation.policies())
                .containsEntry("loadBalancer", "ROUND_ROBIN")
                .containsEntry("destinationRules", "mine/b");
    }

    @Test
    void aDestinationRuleHoldsInItsOwnNamespaceWhomeverItIsExportedTo() {
        MeshSnapshot snapshot = compile(destinationRule(
                        "name: d", "host: reviews, exportTo: [third], subsets: [{name: v1, labels: {version: v1}}]")
                + virtualService(
                        "name: v", "hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]"));

        assertThat(explain(snapshot, "http://reviews:9080/").decision()).isEqualTo(Decision.FORWARD);
    }

    @Test
    void twoRulesOfOneNamespaceAndHostAddUpTheirSubsets() {
        MeshSnapshot snapshot = compile(destinationRule(
                        "name: a", "host: reviews, subsets: [{name: v1, labels: {version: v1}}]")
                + destinationRule("name: b", "host: " + REVIEWS + ", subsets: [{name: v2, labels: {version: v2}}]")
                + virtualService(
                        "name: v", "hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v2}}]}]"));

        assertThat(explain(snapshot, "http://reviews:9080/").endpoints())
                .extracting(EndpointState::hostPort)
                .containsExactly("10.1.0.2:8080");
    }

    @Test
    void whatIsPassedThroughByRuleIsStillEdited() {
        services.add(service("free.example.com", "default", ServiceEndpoints.State.ORIGINAL_DESTINATION, 80));
        MeshSnapshot snapshot = compile(virtualService(
                "name: v",
                "hosts: [free.example.com], http: [{headers: {request: {set: {x: '1'}}}, route: [{destination: {host:"
                        + " free.example.com}}]}]"));

        Explanation explanation = explain(snapshot, "http://free.example.com/");

        assertThat(explanation.decision()).isEqualTo(Decision.FORWARD);
        assertThat(explanation.requestHeaders()).containsEntry("x", List.of("1"));
        assertThat(explanation.policies()).containsEntry("loadBalancer", "PASSTHROUGH");
    }

    @Test
    void noEndpointToUseIsToldApartFromNoCluster() {
        services.set(
                0,
                new ServiceEndpoints(
                        new ServiceName(REVIEWS),
                        "default",
                        ServiceEndpoints.State.ENDPOINTS,
                        List.of(),
                        List.of(new ServicePort(9080, "http", "HTTP")),
                        Map.of(),
                        List.of()));

        assertThat(explain(compile(""), "http://reviews:9080/").decision()).isEqualTo(Decision.NO_ENDPOINTS);
    }

    @Test
    void clustersThatDidNotChangeAreShared() {
        services.add(service("ratings.default.svc.cluster.local", "default", ServiceEndpoints.State.ENDPOINTS, 9080));
        MeshSnapshot first = compile("");
        services.set(
                0,
                new ServiceEndpoints(
                        new ServiceName(REVIEWS),
                        "default",
                        ServiceEndpoints.State.ENDPOINTS,
                        List.of(),
                        List.of(new ServicePort(9080, "http", "HTTP")),
                        Map.of(9080, List.of(endpoint(REVIEWS, 1, "v1"), endpoint(REVIEWS, 3, "v1"))),
                        List.of()));
        MeshSnapshot second = compile("", first);

        ClusterKey reviews = new ClusterKey(REVIEWS, 9080, "");
        ClusterKey ratings = new ClusterKey("ratings.default.svc.cluster.local", 9080, "");
        assertThat(second.clusters().get(ratings)).isSameAs(first.clusters().get(ratings));
        assertThat(second.clusters().get(reviews)).isNotSameAs(first.clusters().get(reviews));
        assertThat(second.clusters().get(reviews).members().get(0).host())
                .isSameAs(first.clusters().get(reviews).members().get(0).host());
    }

    @Test
    void explainTellsWhyEarlierRoutesDidNotMatch() {
        MeshSnapshot snapshot = compile(virtualService(
                "name: v",
                "hosts: [reviews], http: [{name: first, match: [{uri: {prefix: /x}}], directResponse: {status: 201}},"
                        + " {name: second, match: [{sourceLabels: {app: other}}], directResponse: {status: 202}},"
                        + " {name: third, match: [{headers: {a: {exact: b}}}], directResponse: {status: 203}},"
                        + " {name: last, directResponse: {status: 204}}]"));

        Explanation explanation = explain(snapshot, "http://reviews:9080/");

        assertThat(explanation.routes())
                .extracting(Explanation.RouteVerdict::name, Explanation.RouteVerdict::matched)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("first", false),
                        org.assertj.core.groups.Tuple.tuple("second", false),
                        org.assertj.core.groups.Tuple.tuple("third", false),
                        org.assertj.core.groups.Tuple.tuple("last", true));
        assertThat(String.join("\n", explanation.why()))
                .contains("path is not prefix '/x'", "app=other", "not header a exact 'b'", "rules.yaml:");
    }
}
