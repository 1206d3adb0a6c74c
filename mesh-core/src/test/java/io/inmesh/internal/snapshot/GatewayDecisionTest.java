package io.inmesh.internal.snapshot;

import static io.inmesh.testing.Rules.gateway;
import static io.inmesh.testing.Rules.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.CorsPolicy;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ServerTlsSettings;
import io.inmesh.model.StringMatch;
import io.inmesh.model.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request that comes in at a gateway. */
class GatewayDecisionTest {
    private static final String REVIEWS = "reviews.default.svc.cluster.local";
    private static final Gateway ALL_HOSTS = gateway("gw", server(80, "*"));
    private static final String TO_REVIEWS = "route: [{destination: {host: reviews}}]";
    private static final CorsPolicy CORS = CorsPolicy.builder(List.of(
                    new StringMatch.Exact("https://ok.example"),
                    new StringMatch.Prefix("https://pre"),
                    new StringMatch.Regex("https://[a-z]+[.]rx[.]example")))
            .allowMethods(List.of("GET", "PUT"))
            .allowHeaders(List.of("x-a", "content-type"))
            .exposeHeaders(List.of("x-b"))
            .maxAge(Duration.ofHours(24))
            .allowCredentials(true)
            .build();
    private static final List<String> ALLOWED = List.of(
            "access-control-allow-origin: https://ok.example",
            "access-control-allow-credentials: true",
            "access-control-expose-headers: x-b");

    private final List<String> asked = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>(List.of(ALL_HOSTS));
    private CorsPolicy cors = CORS;

    private Decision decide(String rest, String method, String url, String... headers) {
        return decide(
                rest, SimpleRequestHead.of(method, url, Map.of()), (virtualService, route, host) -> null, headers);
    }

    private Decision decide(String rest, RequestHead head, RouteGate gate, String... headers) {
        List<HeaderField> fields = Arrays.stream(headers)
                .map(line -> line.split(": ", 2))
                .map(line -> new HeaderField(line[0], line[1]))
                .toList();
        RequestHead all = new SimpleRequestHead(
                head.method(), head.scheme(), head.authority(), head.port(), head.pathAndQuery(), fields);
        RouteGate counted = (virtualService, route, host) -> {
            asked.add(virtualService + " " + route + " " + host);
            return gate.judge(virtualService, route, host);
        };
        return snapshot(rest).decideAtGateway(80, all, counted, new Random(1), TimeSource.system());
    }

    /** One rule for all hosts, with the policy of the test on each of its routes. */
    private MeshSnapshot snapshot(String routes) {
        String rules = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: r}
                spec: {hosts: ["*"], gateways: [gw], http: [%s]}
                """.formatted(routes);
        List<VirtualService> read = new ArrayList<>();
        for (ConfigObject object :
                ConfigReader.sensible().read("rules.yaml", rules).objects()) {
            VirtualService rule = (VirtualService) object;
            List<HttpRoute> withCors = rule.http().stream()
                    .map(route -> route.toBuilder().cors(cors).build())
                    .toList();
            read.add(new VirtualService(rule.meta(), rule.hosts(), rule.gateways(), withCors, rule.exportTo()));
        }
        assertThat(read).hasSize(1);
        MeshConfig config =
                MeshConfig.builder().virtualServices(read).gateways(gateways).build();
        return new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, true, new Random(1))
                .compile(config, List.of(reviews(), outside()), new HostRegistry(), null, 1)
                .snapshot();
    }

    private static ServiceEndpoints reviews() {
        Endpoint endpoint =
                new Endpoint(REVIEWS + "/1", "10.1.0.1", 8080, Locality.UNKNOWN, 1, Map.of(), Condition.READY);
        return ServiceEndpoints.builder(new ServiceName(REVIEWS), "default", ServiceEndpoints.State.ENDPOINTS)
                .ports(List.of(new ServicePort(9080, "http", "HTTP")))
                .endpoints(Map.of(9080, List.of(endpoint)))
                .build();
    }

    /** A host that is called wherever the request says. */
    private static ServiceEndpoints outside() {
        return ServiceEndpoints.builder(
                        new ServiceName("any.example.com"), "default", ServiceEndpoints.State.ORIGINAL_DESTINATION)
                .ports(List.of(new ServicePort(80, "http", "HTTP")))
                .build();
    }

    private static CallPlan plan(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Forward.class);
        return ((Decision.Forward) decision).plan();
    }

    private static List<String> lines(List<HeaderField> headers) {
        return headers.stream()
                .map(field -> field.name() + ": " + field.value())
                .toList();
    }

    /** What the caller sees of a server's answer. */
    private static List<String> edited(CallPlan plan, String... ofServer) {
        List<HeaderField> headers = Arrays.stream(ofServer)
                .map(line -> line.split(": ", 2))
                .map(line -> new HeaderField(line[0], line[1]))
                .toList();
        return plan.responseEdits() == null
                ? lines(headers)
                : lines(plan.responseEdits().apply(200, headers));
    }

    @Test
    void aRequestIsForwardedWithoutTheTlsThatItCameWith() {
        CallPlan plan = plan(decide("{name: all, " + TO_REVIEWS + "}", "GET", "https://shop.example.com:8443/x?y=1"));

        assertThat(plan.clusterKey()).hasToString("outbound|9080||" + REVIEWS);
        assertThat(plan.virtualService()).isEqualTo("default/r");
        assertThat(plan.request().scheme()).isEqualTo("http");
        assertThat(plan.request().authority()).isEqualTo("shop.example.com:8443");
        assertThat(plan.request().pathAndQuery()).isEqualTo("/x?y=1");
        assertThat(asked).containsExactly("default/r all *");
    }

    @Test
    void thePathIsTakenAsItComes() {
        cors = null;

        Decision decision = decide("{match: [{uri: {prefix: /x}}], " + TO_REVIEWS + "}", "GET", "http://h/x/../admin");

        assertThat(plan(decision).request().pathAndQuery()).isEqualTo("/x/../admin");
    }

    @Test
    void noOneIsAskedWhereNobodyTakesTheRequest() {
        gateways.clear();
        gateways.add(gateway("gw", server(8080, "*")));

        assertThat(decide("{" + TO_REVIEWS + "}", "GET", "http://h/")).isEqualTo(new Decision.NoHost("h", 80, false));
        gateways.add(gateway("other", server(80, "*")));
        assertThat(decide("{" + TO_REVIEWS + "}", "GET", "http://h/")).isEqualTo(new Decision.NoHost("h", 80, true));
        gateways.add(ALL_HOSTS);
        assertThat(decide("{match: [{uri: {exact: /a}}], " + TO_REVIEWS + "}", "GET", "http://h/"))
                .isEqualTo(new Decision.NoRoute("default/r", "*"));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example.com/x?y=1, https://shop.example.com/x?y=1",
        "http://shop.example.com:15280/x, https://shop.example.com:15280/x",
        "http://SHOP.example.com//evil.test/, https://SHOP.example.com//evil.test/",
        "http://norule.test/, https://norule.test/",
    })
    void aServerThatWantsTlsRedirectsWhateverTheRouteIs(String url, String location) {
        gateways.set(0, redirecting("*.example.com", "norule.test"));

        Decision decision = decide("{match: [{uri: {exact: /a}}], " + TO_REVIEWS + "}", "POST", url);

        assertThat(decision).isInstanceOfSatisfying(Decision.Answer.class, answer -> {
            assertThat(answer.response().status()).isEqualTo(301);
            assertThat(lines(answer.response().headers())).containsExactly("location: " + location);
            assertThat(answer.location()).isEqualTo(location);
        });
        assertThat(asked).isEmpty();
    }

    @Test
    void aRequestWithTlsIsNotRedirected() {
        gateways.set(0, redirecting("*"));

        assertThat(plan(decide("{" + TO_REVIEWS + "}", "GET", "https://h/")).clusterKey())
                .hasToString("outbound|9080||" + REVIEWS);
    }

    private static Gateway redirecting(String... hosts) {
        ServerTlsSettings tls = ServerTlsSettings.builder(ServerTlsSettings.Mode.PASSTHROUGH)
                .httpsRedirect(true)
                .build();
        List<GatewayHost> taken = Arrays.stream(hosts)
                .map(host -> GatewayHost.of(host, "default"))
                .toList();
        return gateway(
                "gw",
                GatewayServer.builder(80, GatewayServer.Protocol.HTTP, taken)
                        .tls(tls)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{redirect: {uri: /c}}",
                "{directResponse: {status: 201}}",
            })
    void theGateIsNotAskedAboutWhatIsAnsweredHereAndOriginsDoNotMatterThere(String route) {
        Decision decision = decide(route, "GET", "http://h/", "origin: https://ok.example");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Answer.class,
                        answer -> assertThat(lines(answer.response().headers()))
                                .noneMatch(line -> line.startsWith("access-control")));
        assertThat(asked).isEmpty();
    }

    @Test
    void theGateMayRefuseAndAPageOfAnotherOriginMaySeeIt() {
        RouteGate.Refusal tooMany = new RouteGate.Refusal(
                new SyntheticResponse(429, List.of(new HeaderField("retry-after", "1")), new byte[] {'x'}),
                ResponseFlag.RL);
        RequestHead head = SimpleRequestHead.of("GET", "http://h/", Map.of());

        Decision plain = decide("{name: a, " + TO_REVIEWS + "}", head, (rule, route, host) -> tooMany);
        Decision ofPage = decide(
                "{name: a, " + TO_REVIEWS + "}", head, (rule, route, host) -> tooMany, "Origin: https://ok.example");

        assertThat(plain).isEqualTo(new Decision.Refused(tooMany, "default/r", "a"));
        assertThat(ofPage).isInstanceOfSatisfying(Decision.Refused.class, refused -> {
            assertThat(refused.refusal().flag()).isEqualTo(ResponseFlag.RL);
            SyntheticResponse response = refused.refusal().response();
            assertThat(response.status()).isEqualTo(429);
            assertThat(response.body()).containsExactly('x');
            assertThat(lines(response.headers()))
                    .containsExactly("retry-after: 1", ALLOWED.get(0), ALLOWED.get(1), ALLOWED.get(2));
        });
        assertThat(asked).containsExactly("default/r a *", "default/r a *");
    }

    @ParameterizedTest
    @CsvSource({
        "https://ok.example, true",
        "https://prefixed.x, true",
        "https://ab.rx.example, true",
        "https://ab.rx.example.evil, false",
        "HTTPS://OK.example, false",
        "https://bad.example, false",
        "null, false",
        "'', false",
    })
    void anAnswerToAnAllowedOriginSaysSo(String origin, boolean allowed) {
        CallPlan plan = plan(decide("{" + TO_REVIEWS + "}", "GET", "http://h/", "Origin: " + origin));

        List<String> seen = edited(plan, "x: y");
        assertThat(seen.contains("access-control-allow-origin: " + origin)).isEqualTo(allowed);
        assertThat(seen).hasSize(allowed ? 4 : 1);
    }

    @Test
    void headersForOriginsComeAfterTheRoutesOwnEditsAndInPlaceOfTheServers() {
        String route = "{" + TO_REVIEWS + ", headers: {response: {set: {access-control-expose-headers: x-c, x: z}}}}";

        CallPlan plan = plan(decide(route, "GET", "http://h/", "origin: https://ok.example"));

        assertThat(edited(plan, "x: y", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: a"))
                .containsExactly("x: z", ALLOWED.get(0), ALLOWED.get(2), ALLOWED.get(1));
    }

    @Test
    void anInjectedAbortSaysSoToo() {
        String route = "{fault: {abort: {httpStatus: 503, percentage: {value: 100}}}, " + TO_REVIEWS + "}";

        CallPlan plan = plan(decide(route, "GET", "http://h/", "origin: https://ok.example"));

        assertThat(plan.faults().abort())
                .isNotNull()
                .satisfies(abort -> assertThat(lines(abort.headers())).containsAll(ALLOWED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPTIONS | https://ok.example | PUT | true",
                "OPTIONS | https://ok.example | DELETE | true",
                "OPTIONS | https://ok.example | '' | false",
                "OPTIONS | https://bad.example | PUT | false",
                "OPTIONS | '' | PUT | false",
                "GET | https://ok.example | PUT | false",
                "options | https://ok.example | PUT | false",
            })
    void aPreflightOfAnAllowedOriginIsAnsweredHere(String method, String origin, String wanted, boolean answered) {
        Decision decision = decide(
                "{" + TO_REVIEWS + ", headers: {response: {set: {x: z}}}}",
                method,
                "http://h/",
                "origin: " + origin,
                "access-control-request-method: " + wanted);

        if (!answered) {
            assertThat(decision).isInstanceOf(Decision.Forward.class);
            assertThat(asked).hasSize(1);
            return;
        }
        assertThat(decision).isInstanceOfSatisfying(Decision.Answer.class, answer -> {
            assertThat(answer.response().status()).isEqualTo(200);
            assertThat(answer.response().body()).isEmpty();
            assertThat(lines(answer.response().headers()))
                    .containsExactlyInAnyOrder(
                            ALLOWED.get(0),
                            ALLOWED.get(1),
                            ALLOWED.get(2),
                            "access-control-allow-methods: GET,PUT",
                            "access-control-allow-headers: x-a,content-type",
                            "access-control-max-age: 86400");
        });
        assertThat(asked).isEmpty();
    }

    @Test
    void twoOriginsAreNone() {
        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://ok.example",
                "origin: https://ok.example",
                "access-control-request-method: PUT");

        assertThat(plan(decision).responseEdits()).isNull();
    }

    @Test
    void aStarAllowsEveryOriginMethodAndHeaderAndSaysWhichWereAskedFor() {
        cors = CorsPolicy.builder(List.of(new StringMatch.Exact("*")))
                .allowMethods(List.of("*"))
                .allowHeaders(List.of("*"))
                .build();

        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://any.example",
                "access-control-request-method: PATCH",
                "access-control-request-headers: x-c");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Answer.class,
                        answer -> assertThat(lines(answer.response().headers()))
                                .containsExactly(
                                        "access-control-allow-origin: https://any.example",
                                        "access-control-allow-methods: PATCH",
                                        "access-control-allow-headers: x-c"));
    }

    @Test
    void preflightsOfOtherOriginsAreAnsweredHereWhereTheRuleSaysSo() {
        cors = CORS.toBuilder()
                .ignoreUnmatchedPreflights(true)
                .allowCredentials(null)
                .maxAge(null)
                .build();

        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://bad.example",
                "access-control-request-method: PUT");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Answer.class,
                        answer -> assertThat(lines(answer.response().headers()))
                                .containsExactly(
                                        "access-control-allow-methods: GET,PUT",
                                        "access-control-allow-headers: x-a,content-type"));
    }

    @Test
    void aPolicyWithoutOriginsAllowsNone() {
        cors = CorsPolicy.builder(List.of()).allowMethods(List.of("GET")).build();

        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://ok.example",
                "access-control-request-method: PUT");

        assertThat(plan(decision).responseEdits()).isNull();
    }

    @Test
    void theAddressThatARequestNamesIsNotDialled() {
        CallPlan plan = plan(decide("{route: [{destination: {host: any.example.com}}]}", "GET", "http://10.0.0.1/"));

        assertThat(plan.refusal()).contains("which a gateway does not dial");
    }

    @Test
    void clustersAreThoseOfTheMesh() {
        MeshSnapshot snapshot = snapshot("{" + TO_REVIEWS + "}");

        assertThat(snapshot.routes().clusterKeys())
                .isEqualTo(snapshot.gateway().routes().clusterKeys());
        assertThat(snapshot.routes().find("h", 80)).isNull();
        assertThat(snapshot.gateway().find("reviews", 9080)).isNull();
    }
}
