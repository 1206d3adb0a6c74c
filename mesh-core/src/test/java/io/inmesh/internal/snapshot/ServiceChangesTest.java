package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.model.MeshConfig;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which parts of a service's state, when they change, have routes made anew: all but its endpoints. */
class ServiceChangesTest {
    private static final ServiceEndpoints SERVICE = ServiceEndpoints.builder(
                    new ServiceName("reviews.default.svc.cluster.local"), "default", State.ENDPOINTS)
            .ports(List.of(new ServicePort(9080, "http", "HTTP")))
            .endpoints(
                    Map.of(9080, List.of(Endpoint.builder("e", "10.0.0.1", 9080).build())))
            .build();

    private static final ServiceEndpoints ALIAS = ServiceEndpoints.alias(
            new ServiceName("api.default.svc.cluster.local"),
            "default",
            new ServiceName("a.example.com"),
            List.of(),
            List.of());

    /** Another value of each part. A new part of the record has to be given one here. */
    private static final Map<String, Object> OTHERS = Map.of(
            "service",
            new ServiceName("ratings.default.svc.cluster.local"),
            "namespace",
            "shop",
            "state",
            State.ORIGINAL_DESTINATION,
            "addresses",
            List.of("10.1.0.1"),
            "ports",
            List.of(new ServicePort(9080, "grpc", "GRPC")),
            "endpoints",
            Map.of(),
            "exportTo",
            List.of("default", "shop"),
            "target",
            new ServiceName("b.example.com"),
            "namedInstances",
            true,
            "external",
            true);

    static Stream<String> parts() {
        return Arrays.stream(ServiceEndpoints.class.getRecordComponents()).map(RecordComponent::getName);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void onlyEndpointsLeaveTheRoutesAsTheyAre(String part) throws ReflectiveOperationException {
        ServiceEndpoints before = part.equals("target") ? ALIAS : SERVICE;
        ServiceEndpoints after = with(before, part);
        SnapshotCompiler compiler = new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, false, new Random(1));
        HostRegistry hosts = new HostRegistry();
        MeshSnapshot first = compiler.compile(MeshConfig.EMPTY, List.of(before), hosts, null, 1)
                .snapshot();

        RouteTable routes = compiler.compile(MeshConfig.EMPTY, List.of(after), hosts, first, 2)
                .snapshot()
                .routes();

        assertThat(after).isNotEqualTo(before);
        assertThat(routes == first.routes()).isEqualTo(part.equals("endpoints"));
    }

    private static ServiceEndpoints with(ServiceEndpoints service, String part) throws ReflectiveOperationException {
        assertThat(OTHERS).as("another value of the new part").containsKey(part);
        List<Class<?>> types = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : ServiceEndpoints.class.getRecordComponents()) {
            types.add(component.getType());
            boolean changed = component.getName().equals(part);
            values.add(changed ? OTHERS.get(part) : component.getAccessor().invoke(service));
        }
        return ServiceEndpoints.class
                .getDeclaredConstructor(types.toArray(Class<?>[]::new))
                .newInstance(values.toArray());
    }
}
