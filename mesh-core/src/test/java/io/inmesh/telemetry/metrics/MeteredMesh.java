package io.inmesh.telemetry.metrics;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.testing.ManualClock;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.List;
import java.util.SplittableRandom;

/** A mesh on a clock of the test's own, with rules that bring each kind of end, and a real Prometheus registry. */
final class MeteredMesh {
    static final String REVIEWS = "reviews.default.svc.cluster.local";
    static final String URL = "http://reviews:9080/reviews/0";
    static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews, namespace: default}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints:
              - address: 127.0.0.11
                labels: {app: reviews, version: v1}
              - address: 127.0.0.12
                labels: {app: reviews, version: v1}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: api, namespace: default}
            spec:
              hosts: [api.example.com]
              location: MESH_EXTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.13}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: default}
            spec:
              host: reviews
              trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}, connectionPool: {http: {http2MaxRequests: 1000}}}
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v9, labels: {version: v9}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews, namespace: default}
            spec:
              hosts: [reviews]
              http:
              - name: slow
                match: [{uri: {prefix: /slow}}]
                timeout: 1s
                route: [{destination: {host: reviews, subset: v1}}]
              - name: empty
                match: [{uri: {prefix: /empty}}]
                route: [{destination: {host: reviews, subset: v9}}]
              - name: moved
                match: [{uri: {prefix: /moved}}]
                redirect: {uri: /elsewhere}
              - name: refused
                match: [{uri: {prefix: /fault}}]
                fault: {abort: {percentage: {value: 100}, httpStatus: 418}}
                route: [{destination: {host: reviews, subset: v1}}]
              - name: usual
                match: [{uri: {prefix: /reviews}}]
                route: [{destination: {host: reviews, subset: v1}}]
            """;

    final ManualClock clock = new ManualClock();
    final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Builds a mesh that runs on the clock. */
    Mesh.Builder builder() {
        return MeshTesting.manual(Mesh.builder(), clock, new SplittableRandom(7))
                .config(TextConfigSource.of("rules.yaml", RULES));
    }

    /** Lines of what Prometheus reads that begin so; as newer versions of Micrometer write them. */
    List<String> lines(String begin) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.replace(",}", "}"))
                .toList();
    }
}
