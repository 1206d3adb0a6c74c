package io.inmesh.testing;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The test double keeps to what it stands for. */
class FakeEndpointSourceTest extends EndpointSourceContract {
    private final FakeEndpointSource source = new FakeEndpointSource("fake");

    @Override
    protected EndpointSource source() {
        return source;
    }

    @Override
    protected ServiceName service() {
        return new ServiceName("reviews.default.svc.cluster.local");
    }

    @Override
    protected void serve(ServiceName service, String... addresses) {
        List<Endpoint> endpoints = Arrays.stream(addresses)
                .map(address ->
                        new Endpoint(address, address, PORT, Locality.UNKNOWN, 1, Map.of(LABEL, "v1"), Condition.READY))
                .toList();
        source.tell(new ServiceEndpoints(
                service,
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(PORT, "http", "HTTP")),
                Map.of(PORT, endpoints),
                List.of()));
    }
}
