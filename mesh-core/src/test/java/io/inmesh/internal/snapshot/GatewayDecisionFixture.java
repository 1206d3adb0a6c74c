package io.inmesh.internal.snapshot;

import static io.inmesh.testing.Rules.gateway;
import static io.inmesh.testing.Rules.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.CorsPolicy;
import io.inmesh.model.Gateway;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.StringMatch;
import io.inmesh.model.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Decides about requests at a gateway with one rule for all hosts. */
abstract class GatewayDecisionFixture {
    static final String REVIEWS = "reviews.default.svc.cluster.local";
    static final Gateway ALL_HOSTS = gateway("gw", server(80, "*"));
    static final String TO_REVIEWS = "route: [{destination: {host: reviews}}]";
    static final CorsPolicy CORS = CorsPolicy.builder(List.of(
                    new StringMatch.Exact("https://ok.example"),
                    new StringMatch.Prefix("https://pre"),
                    new StringMatch.Regex("https://[a-z]+[.]rx[.]example")))
            .allowMethods(List.of("GET", "PUT"))
            .allowHeaders(List.of("x-a", "content-type"))
            .exposeHeaders(List.of("x-b"))
            .maxAge(Duration.ofHours(24))
            .allowCredentials(true)
            .build();
    static final List<String> ALLOWED = List.of(
            "access-control-allow-origin: https://ok.example",
            "access-control-allow-credentials: true",
            "access-control-expose-headers: x-b");

    final List<String> asked = new ArrayList<>();
    final List<Gateway> gateways = new ArrayList<>(List.of(ALL_HOSTS));
    CorsPolicy cors = CORS;

    Decision decide(String rest, String method, String url, String... headers) {
        return decide(
                rest, SimpleRequestHead.of(method, url, Map.of()), (virtualService, route, host) -> null, headers);
    }

    Decision decide(String rest, RequestHead head, RouteGate gate, String... headers) {
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
    MeshSnapshot snapshot(String routes) {
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

    static ServiceEndpoints reviews() {
        Endpoint endpoint =
                new Endpoint(REVIEWS + "/1", "10.1.0.1", 8080, Locality.UNKNOWN, 1, Map.of(), Condition.READY);
        return ServiceEndpoints.builder(new ServiceName(REVIEWS), "default", ServiceEndpoints.State.ENDPOINTS)
                .ports(List.of(new ServicePort(9080, "http", "HTTP")))
                .endpoints(Map.of(9080, List.of(endpoint)))
                .build();
    }

    /** A host that is called wherever the request says. */
    static ServiceEndpoints outside() {
        return ServiceEndpoints.builder(
                        new ServiceName("any.example.com"), "default", ServiceEndpoints.State.ORIGINAL_DESTINATION)
                .ports(List.of(new ServicePort(80, "http", "HTTP")))
                .build();
    }

    static CallPlan plan(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Forward.class);
        return ((Decision.Forward) decision).plan();
    }

    static List<String> lines(List<HeaderField> headers) {
        return headers.stream()
                .map(field -> field.name() + ": " + field.value())
                .toList();
    }

    /** What the caller sees of a server's answer. */
    static List<String> edited(CallPlan plan, String... ofServer) {
        List<HeaderField> headers = Arrays.stream(ofServer)
                .map(line -> line.split(": ", 2))
                .map(line -> new HeaderField(line[0], line[1]))
                .toList();
        return plan.responseEdits() == null
                ? lines(headers)
                : lines(plan.responseEdits().apply(200, headers));
    }
}
