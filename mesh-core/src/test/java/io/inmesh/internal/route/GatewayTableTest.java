package io.inmesh.internal.route;

import static io.inmesh.testing.Rules.gateway;
import static io.inmesh.testing.Rules.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.management.ThreadMXBean;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts a gateway has at which port, and whose routes they follow. */
class GatewayTableTest {
    private static final String PRODUCTPAGE = "productpage.default.svc.cluster.local";
    private static final Gateway ALL_HOSTS = gateway("gw", server(80, "*"));

    /** The rule that Istio's bookinfo sample has for its gateway. */
    private static final String BOOKINFO = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: bookinfo
            spec:
              hosts: ["*"]
              gateways: [gw]
              http:
              - match:
                - uri: {exact: /productpage}
                - uri: {prefix: /static}
                - uri: {exact: /login}
                - uri: {exact: /logout}
                - uri: {prefix: /api/v1/products}
                route:
                - destination:
                    host: productpage
            """;

    private static final Map<String, ServiceEndpoints> SERVICES = Map.of(
            PRODUCTPAGE,
            ServiceEndpoints.builder(new ServiceName(PRODUCTPAGE), "default", ServiceEndpoints.State.ENDPOINTS)
                    .ports(List.of(new ServicePort(9080, "http", "HTTP")))
                    .build());

    private WorkloadIdentity self = WorkloadIdentity.DEFAULT;

    private static List<VirtualService> read(String... rules) {
        List<VirtualService> read = new ArrayList<>();
        for (String rule : rules) {
            ConfigReader.sensible()
                    .read("rules.yaml", rule)
                    .objects()
                    .forEach(object -> read.add((VirtualService) object));
        }
        assertThat(read).hasSameSizeAs(rules);
        return read.stream().sorted(ConfigObject.OLDEST_FIRST).toList();
    }

    private GatewayTable compile(List<Gateway> gateways, String... rules) {
        return new GatewayCompiler(self, gateways, read(rules), SERVICES, List.of(), new ArrayList<>()).compile();
    }

    private GatewayTable compile(Gateway gateway, String... rules) {
        return compile(List.of(gateway), rules);
    }

    private static RouteTable inMesh(String... rules) {
        return new RouteCompiler(WorkloadIdentity.DEFAULT, read(rules), SERVICES, new ArrayList<>()).compile();
    }

    private static @Nullable CompiledRoute route(@Nullable VirtualHost host, RequestHead head) {
        return host == null ? null : host.match(head, head.pathAndQuery());
    }

    /** The name of the route that a request at port 80 takes; empty for none. */
    private static String route(GatewayTable table, String url) {
        RequestHead head = SimpleRequestHead.of("GET", url, Map.of());
        CompiledRoute route = route(table.find(head.authority(), 80), head);
        return route == null ? "" : route.name();
    }

    /** A rule with one route for everything that has the rule's name. */
    private static String rule(String name, String hosts, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %1$s}
                spec: {hosts: [%2$s], gateways: [gw], http: [{%3$s name: %1$s, directResponse: {status: 201}}]}
                """.formatted(name, hosts, more);
    }

    private static String rule(String name, String hosts) {
        return rule(name, hosts, "");
    }

    private static String answer(String metadata, String gateways) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {%s}
                spec:
                  hosts: [shop.example.com]
                  gateways: %s
                  http: [{name: answer, directResponse: {status: 201}}]
                """.formatted(metadata, gateways);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/productpage", "/productpage?u=normal", "/static/x.css", "/login", "/api/v1/products/0"})
    void theRoutesOfBookinfosGatewayAreInItsTable(String path) {
        GatewayTable table = compile(ALL_HOSTS, BOOKINFO);
        RequestHead head = SimpleRequestHead.of("GET", "http://bookinfo.example.com" + path, Map.of());

        CompiledRoute route = route(table.find(head.authority(), 80), head);

        // The service has one port, which a route means that names none.
        assertThat(route).isNotNull();
        assertThat(route.destinations())
                .extracting(CompiledRoute.WeightedDestination::cluster)
                .containsExactly(new ClusterKey(PRODUCTPAGE, 9080, ""));
        assertThat(table.routes().clusterKeys()).containsExactly(new ClusterKey(PRODUCTPAGE, 9080, ""));
    }

    @Test
    void aPathWithoutRouteAndAPortThatIsNotListenedAtHaveNone() {
        GatewayTable table = compile(ALL_HOSTS, BOOKINFO);

        assertThat(table.find("bookinfo.example.com", 80)).isNotNull();
        assertThat(route(table, "http://bookinfo.example.com/reviews/0")).isEmpty();
        assertThat(table.find("bookinfo.example.com", 8080)).isNull();
        assertThat(table.serves(80)).isTrue();
        assertThat(table.serves(8080)).isFalse();
    }

    @Test
    void theMeshHasNoneOfThem() {
        RouteTable table = inMesh(BOOKINFO);
        RequestHead head = SimpleRequestHead.of("GET", "http://productpage:9080/productpage", Map.of());

        assertThat(table.find("bookinfo.example.com", 80)).isNull();
        assertThat(route(table.find(head), head))
                .satisfies(route -> assertThat(route.name()).isEqualTo("default"));
    }

    @Test
    void aGatewayIsNotCalledForServicesThatNoRuleGivesIt() {
        GatewayTable table = compile(gateway("gw", server(80, "*"), server(9080, "*")), answer("name: a", "[gw]"));

        assertThat(table.routes().virtualHosts()).extracting(VirtualHost::name).containsOnly("shop.example.com");
        assertThat(table.routes().ports("shop.example.com")).containsExactly(80, 9080);
    }

    @ParameterizedTest
    @CsvSource({
        "*.example.com, shop.example.com, shop.example.com, true",
        "*.example.com, shop.example.com, other.example.com, false",
        "*.example.com, other.test, other.test, false",
        "*.example.com, *.example.com, a.b.example.com, true",
        "*.example.com, *.example.com, example.com, false",
        "*.example.com, *, shop.example.com, true",
        "*.example.com, *, exact.test, false",
        "exact.test, *, exact.test, true",
        "shop.example.com, *.example.com, shop.example.com, true",
        "shop.example.com, *.example.com, other.example.com, false",
        "*, *.b.example.com, a.b.example.com, true",
        "*.b.example.com, *.example.com, a.b.example.com, true",
        "*.b.example.com, *.example.com, a.example.com, false",
        "Shop.Example.com, '*', SHOP.example.com, true",
        "'*', Shop.Example.com, shop.example.COM:8443, true",
        "shop.example.com, shop.example.com, shop.example.com:80, true",
        "*.example.com, shop.example.com, shop.example.com., false",
        "'*', '*', shop.example.com., true",
        "'*', '*', 10.0.0.1:8080, true",
        "'*', '*', '[2001:db8::1]:8080', true",
        "'*', 10.0.0.1, 10.0.0.1, true",
        "default/*.example.com, shop.example.com, shop.example.com, true",
        "other/*.example.com, shop.example.com, shop.example.com, false",
        "./*.example.com, shop.example.com, shop.example.com, true",
        "*/*.example.com, shop.example.com, shop.example.com, true",
        "'*', shop, shop.default.svc.cluster.local, true",
        "'*', shop, shop, false",
    })
    void aHostIsThereIfAServerTakesItAndARuleHasIt(String taken, String ruled, String called, boolean found) {
        GatewayTable table = compile(gateway("gw", server(80, taken)), rule("a", '"' + ruled + '"'));

        assertThat(table.find(called, 80) != null).isEqualTo(found);
    }

    @Test
    void theNearestHostTakesTheRequestAndNoOtherIsAsked() {
        GatewayTable table = compile(
                gateway("gw", server(80, "*.example.com", "exact.test")),
                rule("a", "shop.example.com", "match: [{uri: {prefix: /a}}],"),
                rule("b", "\"*.example.com\""),
                rule("c", "\"*\""));

        assertThat(route(table, "http://shop.example.com/a")).isEqualTo("a");
        assertThat(route(table, "http://shop.example.com/b")).isEmpty();
        assertThat(route(table, "http://x.example.com/")).isEqualTo("b");
        assertThat(route(table, "http://exact.test/")).isEqualTo("c");
        assertThat(table.find("nope.test", 80)).isNull();
    }

    @Test
    void rulesOfOneHostAreMergedOldestFirstAndRoutesForEverythingComeLast() {
        GatewayTable table = compile(
                ALL_HOSTS,
                rule("d", "h.test", "match: [{uri: {prefix: /x}}],"),
                rule("a", "h.test"),
                rule("c", "h.test", "match: [{uri: {regex: \".*\"}}],"),
                rule("b", "h.test", "match: [{uri: {prefix: /x}, headers: {k: {exact: v}}}],"));

        VirtualHost host = table.find("h.test", 80);
        assertThat(host).isNotNull();
        assertThat(host.routes())
                .extracting(CompiledRoute::virtualService)
                .containsExactly("default/b", "default/d", "default/a", "default/c");
        assertThat(host.virtualService()).isEqualTo("default/a, default/b, default/c, default/d");
        assertThat(route(table, "http://h.test/x")).isEqualTo("d");
        assertThat(route(table, "http://h.test/y")).isEqualTo("a");
    }

    @Test
    void whatWasLeftOutOfMergedRulesKeepsItsPlace() {
        GatewayTable table = compile(
                ALL_HOSTS,
                rule("a", "h.test", "match: [{port: 81, uri: {prefix: /a}}, {uri: {prefix: /}}],"),
                rule("b", "h.test", "match: [{uri: {prefix: /b}}, {sourceLabels: {app: x}}],"));

        assertThat(table.find("h.test", 80)).isNotNull().satisfies(host -> {
            assertThat(host.routes())
                    .extracting(CompiledRoute::virtualService)
                    .containsExactly("default/b", "default/a");
            assertThat(host.dropped())
                    .extracting(VirtualHost.DroppedRoute::position, VirtualHost.DroppedRoute::reason)
                    .containsExactlyInAnyOrder(
                            tuple(1, "is for port 81, this is port 80"), tuple(2, "is for callers with label app=x"));
        });
    }

    @Test
    void ruleWithAllItsRoutesElsewhereLeavesTheHostToAWildcard() {
        GatewayTable table = compile(ALL_HOSTS, rule("a", "h.test", "match: [{port: 81}],"), rule("b", "\"*.test\""));

        assertThat(route(table, "http://h.test/")).isEqualTo("b");
    }

    @Test
    void gatewaysOfOnePortAreTakenTogetherAndEachHasItsOwnRules() {
        Gateway other = new Gateway(ObjectMeta.of("prod", "gw2"), Map.of(), List.of(server(80, "b.example.com")));
        String both = rule("one", "a.example.com, b.example.com");
        String second = rule("two", "b.example.com").replace("gateways: [gw]", "gateways: [prod/gw2]");

        GatewayTable table = compile(List.of(gateway("gw", server(80, "a.example.com")), other), both, second);

        assertThat(route(table, "http://a.example.com/")).isEqualTo("one");
        assertThat(route(table, "http://b.example.com/")).isEqualTo("two");
    }

    @Test
    void aServerThatCarriesNoHttpDoesNotServe() {
        GatewayServer tcp = GatewayServer.builder(3306, GatewayServer.Protocol.TCP, List.of(new GatewayHost("*", "*")))
                .build();

        GatewayTable table = compile(gateway("gw", tcp, server(80, "*")), rule("a", "\"*\""));

        assertThat(table.ports()).containsExactly(80);
        assertThat(table.find("h.test", 3306)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a | [gw] | true | false",
                "'name: a, namespace: other' | [gw] | false | false",
                "'name: a, namespace: other' | [default/gw] | true | false",
                "'name: a, namespace: other' | [gw.default.svc.cluster.local] | true | false",
                "name: a | '[other/gw, mesh]' | false | true",
                "name: a | '[gw, mesh]' | true | true",
                "name: a | [] | false | true",
            })
    void aRuleIsForTheGatewaysThatItNames(String metadata, String gateways, boolean atGateway, boolean inMesh) {
        String rule = answer(metadata, gateways);

        assertThat(compile(ALL_HOSTS, rule).find("shop.example.com", 80) != null)
                .isEqualTo(atGateway);
        assertThat(inMesh(rule).find("shop.example.com", 80) != null).isEqualTo(inMesh);
    }

    @ParameterizedTest
    @CsvSource({"'*', true", "., false", "default, true", "third, false"})
    void aRuleThatTheGatewayDoesNotSeeIsNotForIt(String exportTo, boolean found) {
        String rule = answer("name: a, namespace: other", "[default/gw]")
                .replace("spec:", "spec:\n  exportTo: [\"" + exportTo + "\"]");

        assertThat(compile(ALL_HOSTS, rule).find("shop.example.com", 80) != null)
                .isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateways: [gw] | true",
                "gateways: [default/gw] | true",
                "gateways: [gw2] | false",
                "gateways: [mesh] | false",
                "port: 80 | true",
                "port: 81 | false",
                "sourceLabels: {istio: ingressgateway} | true",
                "sourceLabels: {app: x} | false",
                "sourceNamespace: default | true",
                "sourceNamespace: other | false",
                "gateways: [gw], sourceLabels: {app: x} | true",
            })
    void aMatchThatCanNeverHoldHereIsLeftOut(String match, boolean kept) {
        self = WorkloadIdentity.DEFAULT.with("default", Map.of("istio", "ingressgateway"));

        GatewayTable table = compile(
                ALL_HOSTS,
                rule("a", "h.test", "match: [{" + match + "}],").replace("[gw], http", "[gw, gw2, mesh], http"));

        assertThat(table.find("h.test", 80) != null).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h.test", "h.test:80", "a.b.test"})
    void findsHostAndRouteWithoutAllocation(String authority) {
        GatewayTable table = compile(
                ALL_HOSTS,
                rule("a", "h.test, \"*.b.test\"", "match: [{headers: {\"@request.auth.claims.g\": {exact: x}}}],"),
                rule("b", "h.test, \"*.b.test\"", "match: [{uri: {prefix: /x}, headers: {k: {exact: v}}}],"),
                rule("c", "h.test, \"*.b.test\""));
        RequestHead head = SimpleRequestHead.of("GET", "http://" + authority + "/x", Map.of("K", List.of("v")));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int found = find(table, head, 20_000);

        long self = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(self);
        found += find(table, head, 100_000);
        long bytes = threads.getThreadAllocatedBytes(self) - before;

        assertThat(found).isEqualTo(120_000);
        assertThat(bytes).isLessThan(100_000);
    }

    private static int find(GatewayTable table, RequestHead head, int times) {
        int found = 0;
        for (int i = 0; i < times; i++) {
            CompiledRoute route = route(table.find(head.authority(), 80), head);
            found += route != null && route.name().equals("b") ? 1 : 0;
        }
        return found;
    }

    @Test
    void clustersThatHaveASlotKeepIt() {
        List<ClusterKey> known = Arrays.asList(new ClusterKey("a", 1, ""), new ClusterKey(PRODUCTPAGE, 9080, ""));

        GatewayTable table = new GatewayCompiler(
                        self, List.of(ALL_HOSTS), read(BOOKINFO), SERVICES, known, new ArrayList<>())
                .compile();

        assertThat(table.routes().clusterKeys()).isEqualTo(known);
        assertThat(table.routes().virtualHosts().get(0).routes().get(0).destinations())
                .singleElement()
                .satisfies(destination -> assertThat(destination.slot()).isEqualTo(1));
    }

    @Test
    void hostsOfTheSameRulesShareTheirRoutes() {
        List<VirtualHost> hosts = compile(ALL_HOSTS, rule("a", "h.test, i.test"), rule("b", "h.test, i.test"))
                .routes()
                .virtualHosts();

        assertThat(hosts.get(0).sequence()).isSameAs(hosts.get(1).sequence());
    }
}
