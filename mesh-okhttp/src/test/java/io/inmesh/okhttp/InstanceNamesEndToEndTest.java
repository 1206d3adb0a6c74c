package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.FakeEndpointSource;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances of a headless service, called by their own names. */
class InstanceNamesEndToEndTest extends MeshFixture {
    private static final String DB = "db.default.svc.cluster.local";
    private static final String RULE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: db}
            spec:
              hosts: [db]
              http:
              - match: [{uri: {prefix: /broken}}]
                fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
                route: [{destination: {host: db}}]
              - match: [{uri: {prefix: /elsewhere}}]
                route: [{destination: {host: web, port: {number: 80}}}]
              - match: [{uri: {prefix: /subset}}]
                route: [{destination: {host: db, subset: none}}]
              - route: [{destination: {host: db}}]
                headers: {request: {set: {x-rule: db}}}
            """;

    private final FakeEndpointSource registry = new FakeEndpointSource("registry");
    private MockWebServer balanced;
    private MockWebServer instance;
    private MockWebServer web;
    private Mesh mesh;

    @BeforeEach
    void tell() {
        balanced = backends.start("balanced");
        instance = backends.start("instance", "127.0.0.2");
        web = backends.start("web");
        registry.tell(
                service(DB, instance.getPort(), Backends.endpoint(balanced)).withNamedInstances());
        registry.tell(service("web.default.svc.cluster.local", 80, Backends.endpoint(web)));
    }

    private static ServiceEndpoints service(String host, int port, Endpoint... endpoints) {
        return new ServiceEndpoints(
                new ServiceName(host),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(port, "http", "HTTP")),
                Map.of(port, List.of(endpoints)),
                List.of());
    }

    private OkHttpClient client(String rules, OutboundTrafficPolicy policy) {
        mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", rules))
                .endpoints(registry)
                .outboundTrafficPolicy(policy)
                .observer(observer)
                .build());
        return backends.builder(new MeshInterceptor(mesh))
                .dns(host -> List.of(InetAddress.getByName(host.startsWith("db-0.") ? "127.0.0.2" : "127.0.0.3")))
                .build();
    }

    private OkHttpClient client() {
        return client(RULE, OutboundTrafficPolicy.REGISTRY_ONLY);
    }

    private String url(String host) {
        return "http://" + host + ":" + instance.getPort() + "/";
    }

    @Test
    void anInstanceBehindAPortOfHttp2IsCalledByIt() throws Exception {
        MockWebServer grpc = backends.start("h2", "127.0.0.2", Protocol.H2_PRIOR_KNOWLEDGE);
        registry.tell(new ServiceEndpoints(
                        new ServiceName(DB),
                        "default",
                        ServiceEndpoints.State.ENDPOINTS,
                        List.of(),
                        List.of(new ServicePort(grpc.getPort(), "grpc", "GRPC")),
                        Map.of(grpc.getPort(), List.of(Backends.endpoint(balanced))),
                        List.of())
                .withNamedInstances());

        assertThat(get(client(), "http://db-0.db:" + grpc.getPort() + "/")).isEqualTo("h2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db-0.db",
                "DB-0.db.default",
                "db-0.db.default.svc",
                "db-0.db.default.svc.cluster.local",
                "db-0.db.default.svc.cluster.local."
            })
    void anInstanceIsCalledAtItsOwnAddressUnderTheServicesRules(String host) throws Exception {
        OkHttpClient client = client();

        assertThat(get(client, url(host))).isEqualTo("instance");
        assertThat(take(instance).getHeaders().get("x-rule")).isEqualTo("db");
        assertThat(get(client, url("db"))).as("the service itself").isEqualTo("balanced");
        assertThat(observer.calls()).extracting("cluster").containsOnly("outbound|" + instance.getPort() + "||" + DB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db-0.db", "db-0.db.default.svc.cluster.local:%d"})
    void theHostHeaderNamesTheInstanceAndTheUrlItsAddress(String host) throws Exception {
        OkHttpClient client = client();
        Request.Builder request =
                new Request.Builder().url(url("127.0.0.2")).header("Host", host.formatted(instance.getPort()));

        String body = get(
                client.newBuilder()
                        .dns(name -> List.of(InetAddress.getByName(name)))
                        .build(),
                request);

        assertThat(body).isEqualTo("instance");
        RecordedRequest received = take(instance);
        assertThat(received.getHeaders().get("x-rule")).isEqualTo("db");
        assertThat(received.getHeaders().get("Host")).isEqualTo(host.formatted(instance.getPort()));
    }

    @Test
    void faultsAndRoutesElsewhereHoldForInstancesToo() throws Exception {
        OkHttpClient client = client();

        try (Response broken = execute(client, url("db-0.db") + "broken")) {
            assertThat(broken.code()).isEqualTo(418);
        }
        assertThat(get(client, url("db-0.db") + "elsewhere")).isEqualTo("web");
        assertFlag(ResponseFlag.NC, () -> get(client, url("db-0.db") + "subset"));
    }

    @Test
    void instancesAreKnownWithoutARule() throws Exception {
        registry.tellNames(DB);
        OkHttpClient client = client("", OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(get(client, url("db-0.db.default"))).isEqualTo("instance");
        assertFlag(ResponseFlag.BLOCKED, () -> get(client, url("db-0.other")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"db-0.db", "db-0.db.default", "db-0.db.default.svc.cluster.local"})
    void aServiceIsAskedForBecauseItsInstanceIsCalled(String host) throws Exception {
        registry.offer(DB);
        OkHttpClient client = client("", OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(get(client, url(host))).isEqualTo("instance");
    }

    @Test
    void instancesOfOtherServicesStayUnknown() {
        OkHttpClient client = client("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web}
                spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}
                """, OutboundTrafficPolicy.REGISTRY_ONLY);

        assertFlag(ResponseFlag.BLOCKED, () -> get(client, "http://web-0.web/"));
    }

    @Test
    void explainTellsInstances() {
        OkHttpClient unused = client();

        assertThat(mesh.explain(SimpleRequestHead.of("GET", url("db-0.db"), Map.of()))
                        .why())
                .anySatisfy(why -> assertThat(why).contains("db-0.db", "is an instance of " + DB))
                .contains("the address of the request itself is dialled");
    }
}
