package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.FileConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.ResponseFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule files with fields that are not executed, and what leaves over real sockets. */
class UnexecutedFieldsEndToEndTest extends MeshFixture {
    private static final String ROUTES = """
            http:
            - match: [{uri: {prefix: /v1}}]
              route: [{destination: {host: reviews, subset: v1}}]
            - route: [{destination: {host: reviews, subset: v2}}]
            """;

    @TempDir
    Path folder;

    private MockWebServer v1;
    private MockWebServer v2;

    /** As after a restart: the files are all that is known. */
    private OkHttpClient clientOf(String policies) throws Exception {
        v1 = backends.start("v1");
        v2 = backends.start("v2");
        Endpoint[] endpoints = {Backends.endpoint(v1), Backends.endpoint(v2)};
        Files.writeString(folder.resolve("services.yaml"), service(endpoints));
        Files.writeString(folder.resolve("routes.yaml"), rule(ROUTES));
        Files.writeString(folder.resolve("policies.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                """ + policies.indent(2));
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(FileConfigSource.builder(folder).build())
                .observer(observer)
                .build());
        return backends.builder(new MeshInterceptor(mesh)).build();
    }

    @Test
    void aRuleWithProtectionsThatAreNotExecutedKeepsItsSubsets() throws Exception {
        OkHttpClient client = clientOf("""
                trafficPolicy:
                  outlierDetection: {consecutive5xxErrors: 3}
                  connectionPool: {tcp: {maxConnections: 100}, http: {http1MaxPendingRequests: 10}}
                  loadBalancer: {simple: ROUND_ROBIN, warmup: {duration: 30s}}
                subsets:
                - {name: v1, labels: {version: v1}}
                - {name: v2, labels: {version: v2}}
                """);

        assertThat(get(client, URL + "v1")).isEqualTo("v1");
        assertThat(get(client, URL)).isEqualTo("v2");
    }

    @Test
    void nothingIsSentInPlaintextWhereThePolicyAsksForTlsAndOtherSubsetsAreCalled() throws Exception {
        OkHttpClient client = clientOf("""
                subsets:
                - {name: v1, labels: {version: v1}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
                - {name: v2, labels: {version: v2}}
                """);

        MeshException refused = assertFlag(ResponseFlag.UNEXECUTED, () -> get(client, URL + "v1"));

        assertThat(refused)
                .hasMessageContaining("DestinationRule default/reviews asks for tls.mode ISTIO_MUTUAL")
                .hasMessageContaining("set unsupported fields to warn");
        assertThat(v1.getRequestCount()).isZero();
        assertThat(get(client, URL)).isEqualTo("v2");
        assertThat(observer.calls())
                .hasSize(2)
                .first()
                .satisfies(call -> assertThat(call.flag()).isEqualTo(ResponseFlag.UNEXECUTED));
        assertThat(observer.attempts()).hasSize(1);
    }
}
