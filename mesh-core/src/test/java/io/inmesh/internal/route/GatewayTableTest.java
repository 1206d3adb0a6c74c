package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.GatewayName;
import io.inmesh.model.PathNormalization;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of a gateway and that of the mesh are made of the same rules by the same compiler. */
class GatewayTableTest {
    private static final String PRODUCTPAGE = "productpage.default.svc.cluster.local";
    private static final GatewayName GATEWAY = new GatewayName("default", "bookinfo-gateway");

    /** The rule that Istio's bookinfo sample has for its gateway. */
    private static final String BOOKINFO = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: bookinfo
            spec:
              hosts: ["*"]
              gateways: [bookinfo-gateway]
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
                    port: {number: 9080}
            """;

    private static final Map<String, ServiceEndpoints> SERVICES = Map.of(
            PRODUCTPAGE,
            ServiceEndpoints.builder(new ServiceName(PRODUCTPAGE), "default", ServiceEndpoints.State.ENDPOINTS)
                    .ports(List.of(new ServicePort(9080, "http", "HTTP")))
                    .build());

    private static RouteTable compile(TableScope scope, String... rules) {
        List<VirtualService> read = new ArrayList<>();
        for (String rule : rules) {
            ConfigReader.sensible()
                    .read("rules.yaml", rule)
                    .objects()
                    .forEach(object -> read.add((VirtualService) object));
        }
        assertThat(read).hasSameSizeAs(rules);
        return new RouteCompiler(scope, read, SERVICES, new ArrayList<>()).compile();
    }

    private static TableScope atGateway(int... ports) {
        List<Integer> list = new ArrayList<>();
        for (int port : ports) {
            list.add(port);
        }
        return TableScope.gateway(GATEWAY, list, WorkloadIdentity.DEFAULT);
    }

    private static TableScope inMesh() {
        return TableScope.mesh(WorkloadIdentity.DEFAULT);
    }

    private static @Nullable CompiledRoute route(RouteTable table, String url) {
        RequestHead head = SimpleRequestHead.of("GET", url, Map.of());
        VirtualHost host = table.find(head);
        return host == null ? null : host.match(head, PathNormalization.BASE.canonical(head.pathAndQuery()));
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
        RouteTable table = compile(atGateway(80), BOOKINFO);

        CompiledRoute route = route(table, "http://bookinfo.example.com" + path);

        assertThat(route).isNotNull();
        assertThat(route.destinations())
                .extracting(CompiledRoute.WeightedDestination::cluster)
                .containsExactly(new ClusterKey(PRODUCTPAGE, 9080, ""));
        assertThat(table.clusterKeys()).containsExactly(new ClusterKey(PRODUCTPAGE, 9080, ""));
    }

    @Test
    void aPathWithoutRouteAndAPortThatIsNotListenedAtHaveNone() {
        RouteTable table = compile(atGateway(80), BOOKINFO);

        assertThat(table.find("bookinfo.example.com", 80)).isNotNull();
        assertThat(route(table, "http://bookinfo.example.com/reviews/0")).isNull();
        assertThat(table.find("bookinfo.example.com", 8080)).isNull();
    }

    @Test
    void theMeshHasNoneOfThem() {
        RouteTable table = compile(inMesh(), BOOKINFO);

        assertThat(table.find("bookinfo.example.com", 80)).isNull();
        assertThat(route(table, "http://productpage:9080/productpage"))
                .satisfies(route -> assertThat(route.name()).isEqualTo("default"));
    }

    @Test
    void aGatewayIsNotCalledForServicesThatNoRuleGivesIt() {
        RouteTable table = compile(atGateway(80, 9080), answer("name: a", "[bookinfo-gateway]"));

        assertThat(table.virtualHosts()).extracting(VirtualHost::name).containsOnly("shop.example.com");
        assertThat(table.ports("shop.example.com")).containsExactly(80, 9080);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a | [bookinfo-gateway] | true | false",
                "'name: a, namespace: other' | [bookinfo-gateway] | false | false",
                "'name: a, namespace: other' | [default/bookinfo-gateway] | true | false",
                "'name: a, namespace: other' | [bookinfo-gateway.default.svc.cluster.local] | true | false",
                "name: a | '[other/bookinfo-gateway, mesh]' | false | true",
                "name: a | '[bookinfo-gateway, mesh]' | true | true",
                "name: a | [] | false | true",
            })
    void aRuleIsForTheGatewaysThatItNames(String metadata, String gateways, boolean atGateway, boolean inMesh) {
        String rule = answer(metadata, gateways);

        assertThat(route(compile(atGateway(80), rule), "http://shop.example.com/") != null)
                .isEqualTo(atGateway);
        assertThat(route(compile(inMesh(), rule), "http://shop.example.com/") != null)
                .isEqualTo(inMesh);
    }

    @Test
    void aMatchForOneOfARulesGatewaysIsInThatTableAlone() {
        String rule = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a}
                spec:
                  hosts: [shop.example.com]
                  gateways: [bookinfo-gateway, mesh]
                  http:
                  - {name: outside, match: [{gateways: [bookinfo-gateway]}], directResponse: {status: 201}}
                  - {name: inside, match: [{gateways: [mesh]}], directResponse: {status: 202}}
                """;

        assertThat(route(compile(atGateway(80), rule), "http://shop.example.com/"))
                .satisfies(route -> assertThat(route.name()).isEqualTo("outside"));
        assertThat(route(compile(inMesh(), rule), "http://shop.example.com/"))
                .satisfies(route -> assertThat(route.name()).isEqualTo("inside"));
    }
}
