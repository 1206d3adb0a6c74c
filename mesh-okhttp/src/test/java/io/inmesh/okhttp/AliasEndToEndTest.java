package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.FakeEndpointSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of type ExternalName, as a source tells of them: other names of services and hosts. */
class AliasEndToEndTest extends MeshFixture {
    private static final String SUFFIX = ".svc.cluster.local";
    private static final String REVIEWS = "reviews.default" + SUFFIX;

    private static final String VERSIONS = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            """;

    private final FakeEndpointSource registry = new FakeEndpointSource("registry");
    private final List<String> resolved = new ArrayList<>();
    private MockWebServer first;
    private MockWebServer second;
    private Mesh mesh;

    @BeforeEach
    void tell() {
        first = backends.start("v1");
        second = backends.start("v2");
        registry.tell(service(REVIEWS, endpoint(first, "v1"), endpoint(second, "v2")));
        absent("shop.example.com");
    }

    private static Endpoint endpoint(MockWebServer server, String version) {
        Endpoint plain = Backends.endpoint(server);
        return new Endpoint(
                plain.id(),
                plain.address(),
                plain.port(),
                Locality.UNKNOWN,
                1,
                Map.of("version", version),
                Condition.READY);
    }

    private static ServiceEndpoints service(String host, Endpoint... endpoints) {
        return new ServiceEndpoints(
                new ServiceName(host),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, List.of(endpoints)),
                List.of());
    }

    private void alias(String name, String namespace, String target, ServicePort... ports) {
        registry.tell(ServiceEndpoints.alias(
                new ServiceName(name + "." + namespace + SUFFIX),
                namespace,
                new ServiceName(target),
                List.of(ports),
                List.of()));
    }

    private void absent(String host) {
        registry.tell(ServiceEndpoints.absent(new ServiceName(host)));
    }

    private OkHttpClient client(String rules, OutboundTrafficPolicy policy) {
        mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", rules))
                .endpoints(registry)
                .outboundTrafficPolicy(policy)
                .dnsResolver(host -> {
                    resolved.add(host);
                    if (!host.equals("api.example.com")) {
                        throw new UnknownHostException(host);
                    }
                    return List.of(InetAddress.getByName("127.0.0.1"));
                })
                .observer(observer)
                .build());
        return backends.builder(new MeshInterceptor(mesh)).build();
    }

    private static String toAlias(String destination) {
        return VERSIONS + """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  http: [{route: [{destination: {%s}}]}]
                """.formatted(destination);
    }

    private static String shopRule() {
        return VERSIONS + rule("""
                http:
                - route: [{destination: {host: reviews, subset: v2}}]
                  headers: {request: {set: {x-rule: reviews}}}
                """);
    }

    private String why(String url) {
        return String.join(
                "\n", mesh.explain(SimpleRequestHead.of("GET", url, Map.of())).why());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other",
                "other:9080",
                "Other.default:9080",
                "other.default.svc:9080",
                "other.default.svc.cluster.local:9080",
                "other.default.svc.cluster.local.:9080"
            })
    void aCallOfTheAliasCarriesTheRulesOfItsTarget(String authority) throws Exception {
        alias("other", "default", REVIEWS);
        registry.tellNames(REVIEWS, "other.default" + SUFFIX);
        OkHttpClient client = client(shopRule(), OutboundTrafficPolicy.REGISTRY_ONLY);

        String body = get(client, request().header("Host", authority));

        assertThat(body).isEqualTo("v2");
        RecordedRequest received = take(second);
        assertThat(received.getHeaders().get("x-rule")).isEqualTo("reviews");
        assertThat(received.getHeaders().get("Host")).isEqualTo(authority);
    }

    @Test
    void theAliasMayBeInAnotherNamespaceAndAnAliasOfAnAlias() throws Exception {
        alias("a", "far", "b.default" + SUFFIX);
        alias("b", "default", REVIEWS + ".");
        registry.tellNames("a.far" + SUFFIX);
        OkHttpClient client = client(shopRule(), OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(get(client, "http://a.far:9080/")).isEqualTo("v2");
        assertThat(get(client, "http://b:9080/")).isEqualTo("v2");
        assertFlag(ResponseFlag.BLOCKED, () -> get(client, "http://a:9080/"));
        assertThat(why("http://a.far:9080/")).contains("a.far.svc.cluster.local is an alias of " + REVIEWS);
    }

    @Test
    void anAliasThatOnlyACallNamesIsAskedForWithWhatItLeadsTo() throws Exception {
        alias("other", "default", REVIEWS);
        registry.offer("other.default" + SUFFIX);
        OkHttpClient client = client(VERSIONS, OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(get(client, "http://other:9080/")).isIn("v1", "v2");
    }

    @Test
    void aRouteToTheAliasLeadsToSubsetsOfItsTarget() throws Exception {
        alias("other", "default", REVIEWS);
        OkHttpClient client =
                client(toAlias("host: other, subset: v2, port: {number: 9080}"), OutboundTrafficPolicy.ALLOW_ANY);

        assertThat(get(client, "http://shop.example.com/")).isEqualTo("v2");
        assertThat(why("http://shop.example.com/"))
                .contains("other.default.svc.cluster.local is an alias of " + REVIEWS);
        assertThat(mesh.status().problems()).isEmpty();
    }

    @Test
    void aRouteToAnAliasOfAHostOutsideGoesToTheAddressesThatDnsHas() throws Exception {
        alias("other", "default", "api.example.com");
        absent("api.example.com");
        registry.tellNames("other.default" + SUFFIX);
        OkHttpClient client = client(
                toAlias("host: other, port: {number: %d}".formatted(first.getPort())),
                OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(get(client, "http://shop.example.com/")).isEqualTo("v1");
        assertThat(take(first).getHeaders().get("Host")).isEqualTo("shop.example.com");
        assertThat(resolved).containsOnly("api.example.com");
        assertFlag(ResponseFlag.BLOCKED, () -> get(client, "http://other:" + first.getPort() + "/"));
    }

    @Test
    void theAliasSaysThatTheHostOutsideSpeaksHttp2() throws Exception {
        MockWebServer grpc = backends.start("h2", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        alias("other", "default", "api.example.com", new ServicePort(grpc.getPort(), "grpc", "GRPC"));
        absent("api.example.com");
        registry.tellNames("other.default" + SUFFIX);
        OkHttpClient client = client(
                toAlias("host: other, port: {number: %d}".formatted(grpc.getPort())),
                OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(get(client, "http://shop.example.com/")).isEqualTo("h2");
    }

    @Test
    void aServiceEntryOfTheHostOutsideIsWhatTheAliasLeadsTo() throws Exception {
        alias("other", "default", "api.example.com");
        registry.tellNames("other.default" + SUFFIX);
        OkHttpClient client = client("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api}
                spec:
                  hosts: [api.example.com]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                """.formatted(first.getPort()), OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(get(client, "http://other:9080/")).isEqualTo("v1");
        assertThat(resolved).isEmpty();
    }

    @Test
    void aRuleOfTheAliasItselfComesBeforeTheTargetsDefault() throws Exception {
        alias("other", "default", REVIEWS, new ServicePort(9080, "http", "HTTP"));
        OkHttpClient client = client(VERSIONS + """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: other}
                spec:
                  hosts: [other]
                  http: [{route: [{destination: {host: other, subset: v1}}]}]
                """, OutboundTrafficPolicy.ALLOW_ANY);

        assertThat(get(client, "http://other:9080/")).isEqualTo("v1");
        assertThat(get(client, "http://other:9080/")).isEqualTo("v1");
    }

    @Test
    void aliasesThatLeadNowhereAreToldByName() {
        alias("other", "default", "another.default" + SUFFIX);
        alias("another", "default", "other.default" + SUFFIX);
        OkHttpClient client = client(toAlias("host: other"), OutboundTrafficPolicy.ALLOW_ANY);

        assertFlag(ResponseFlag.NC, () -> get(client, "http://shop.example.com/"));

        assertThat(why("http://shop.example.com/")).contains("leads back to itself", "another.default" + SUFFIX);
        assertThat(mesh.status().problems())
                .singleElement()
                .asString()
                .contains(
                        "warning: the alias leads back into itself: other.default.svc.cluster.local -> another.default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone.default.svc.cluster.local", "127.0.0.1"})
    void whatIsNoServiceAndNoNameOutsideIsNotCalled(String target) {
        alias("other", "default", target);
        absent(target);
        OkHttpClient client = client(
                toAlias("host: other, port: {number: %d}".formatted(first.getPort())), OutboundTrafficPolicy.ALLOW_ANY);

        ResponseFlag flag = target.startsWith("gone") ? ResponseFlag.NC : ResponseFlag.UH;
        assertFlag(flag, () -> get(client, "http://shop.example.com/"));
        assertThat(mesh.status().problems())
                .singleElement()
                .asString()
                .contains("the alias leads to " + target + ", which is no service that is known");
        assertThat(resolved).isEmpty();
    }

    @Test
    void aHostOutsideThatCannotBeResolvedIsTold() {
        alias("other", "default", "nowhere.example.com");
        absent("nowhere.example.com");
        OkHttpClient client = client(toAlias("host: other"), OutboundTrafficPolicy.ALLOW_ANY);

        assertFlag(ResponseFlag.UH, () -> get(client, "http://shop.example.com/"));

        assertThat(mesh.status().problems())
                .singleElement()
                .asString()
                .contains("nowhere.example.com cannot be resolved (unknown host)");
    }
}
