package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.okhttp.MeshInterceptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Services of type ExternalName and names of pods below a headless Service, as a real API server holds them. */
@Tag("kubernetes")
class NamesOfServicesTest {
    private static final Duration WITHIN = Duration.ofSeconds(35);
    private static final Map<String, String> PODS =
            Map.of("web-0", "10.244.27.1", "db-0", "10.244.27.2", "db-1", "10.244.27.3");
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: names}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: names}
            spec: {ports: [{name: http, port: 9080}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: names, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 9080}]
            endpoints: [{addresses: [10.244.27.1]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: other, namespace: names}
            spec: {type: ExternalName, externalName: web.names.svc.cluster.local}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: names}
            spec: {clusterIP: None, ports: [{name: http, port: 9080}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: db-1, namespace: names, labels: {kubernetes.io/service-name: db}}
            addressType: IPv4
            ports: [{name: http, port: 9080}]
            endpoints:
            - {addresses: [10.244.27.2], hostname: db-0}
            - {addresses: [10.244.27.3], hostname: db-1}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: names}
            spec:
              hosts: [shop.example.com]
              http: [{route: [{destination: {host: other, port: {number: 9080}}}]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: db, namespace: names}
            spec:
              hosts: [db]
              http:
              - match: [{uri: {prefix: /broken}}]
                fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
                route: [{destination: {host: db}}]
              - route: [{destination: {host: db}}]
            """;

    private static final List<PodServer> SERVERS = new ArrayList<>();
    private static KubernetesConnection connection;
    private static Mesh mesh;
    private static OkHttpClient client;

    @BeforeAll
    static void deploy() {
        KubernetesCluster cluster = KubernetesCluster.shared();
        cluster.apply(OBJECTS);
        PODS.forEach((pod, address) -> SERVERS.add(new PodServer(pod, address, new Ledger())));
        WorkloadIdentity self = WorkloadIdentity.DEFAULT.with("names", Map.of());
        connection = KubernetesConnection.of(KubernetesSettings.builder()
                .kubeconfig(cluster.kubeconfig())
                .self(self)
                .build());
        mesh = Mesh.builder()
                .self(self)
                .config(new KubernetesConfigSource(connection, ConfigReader.strict()))
                .endpoints(new KubernetesEndpointSource(connection))
                .outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)
                .build();
        client = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(mesh))
                .dns(NamesOfServicesTest::resolve)
                .build();
    }

    @AfterAll
    static void tearDown() {
        mesh.close();
        connection.close();
        SERVERS.forEach(PodServer::close);
    }

    /** The part of the cluster's DNS. */
    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        String pod = host.substring(0, Math.max(0, host.indexOf('.')));
        if (!PODS.containsKey(pod)) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getByName(PODS.get(pod)));
    }

    private static String get(String url) throws IOException {
        try (Response response =
                client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code() + " " + response.body().string();
        }
    }

    @Test
    void anExternalNameIsOneMoreNameOfItsTarget() throws IOException {
        Eventually.within(WITHIN, () -> assertThat(get("http://other:9080/")).isEqualTo("200 web-0"));

        assertThat(get("http://other.names.svc.cluster.local:9080/")).isEqualTo("200 web-0");
        assertThat(get("http://shop.example.com/")).as("a route to it").isEqualTo("200 web-0");
    }

    @Test
    void anExternalNameMayChangeAndGo() {
        KubernetesCluster cluster = KubernetesCluster.shared();
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: moving, namespace: names}
                spec: {type: ExternalName, externalName: web.names.svc.cluster.local}
                """);
        Eventually.within(WITHIN, () -> assertThat(get("http://moving:9080/")).isEqualTo("200 web-0"));

        cluster.kubectl(
                "patch",
                "service",
                "moving",
                "-n",
                "names",
                "-p",
                "{\"spec\":{\"externalName\":\"db.names.svc.cluster.local\"}}");

        Eventually.within(WITHIN, () -> assertThat(get("http://moving:9080/")).startsWith("200 db-"));
        cluster.kubectl("delete", "service", "moving", "-n", "names");
        Eventually.within(
                WITHIN,
                () -> assertThatThrownBy(() -> get("http://moving:9080/"))
                        .hasMessageContaining("the host is not known"));
    }

    @Test
    void aPodBelowAHeadlessServiceIsCalledItselfUnderTheServicesRules() throws IOException {
        Eventually.within(WITHIN, () -> assertThat(get("http://db-0.db:9080/")).isEqualTo("200 db-0"));

        for (int call = 0; call < 10; call++) {
            assertThat(get("http://db-1.db.names:9080/")).isEqualTo("200 db-1");
        }
        assertThat(get("http://db-0.db.names.svc.cluster.local:9080/")).isEqualTo("200 db-0");
        assertThat(get("http://db-0.db:9080/broken")).startsWith("418 ");
        assertThat(get("http://db:9080/")).startsWith("200 db-");
    }
}
