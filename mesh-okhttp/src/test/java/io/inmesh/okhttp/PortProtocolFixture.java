package io.inmesh.okhttp;

import io.inmesh.endpoint.Endpoint;
import mockwebserver3.MockWebServer;
import okhttp3.Protocol;

/** A service with one port of any protocol. */
abstract class PortProtocolFixture extends MeshFixture {
    static String service(String protocol, String resolution, Endpoint... endpoints) {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: %s
                  ports: [{number: 9080, name: p, protocol: %s}]
                  endpoints:
                """.formatted(resolution, protocol));
        for (Endpoint endpoint : endpoints) {
            text.append("  - {address: %s, ports: {p: %d}}\n".formatted(endpoint.address(), endpoint.port()));
        }
        return text.toString();
    }

    MockWebServer http2(String name) {
        return backends.start(name, "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
    }
}
