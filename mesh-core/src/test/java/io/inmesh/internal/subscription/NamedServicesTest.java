package io.inmesh.internal.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import io.inmesh.testing.Rules;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamedServicesTest {

    @Test
    void namesHostsDestinationsMirrorsAndDestinationRules() {
        HttpRoute route = HttpRoute.builder()
                .route(List.of(new HttpRouteDestination(new Destination("ratings", null, 0), 1, Headers.NONE)))
                .mirrors(List.of(
                        new HttpMirrorPolicy(new Destination("Shadow.other.svc.cluster.local.", null, 0), 1_000_000)))
                .build();
        VirtualService rule = new VirtualService(
                ObjectMeta.of("shop", "rule"),
                List.of("reviews", "*.example.com", "*", "10.0.0.1", "::1", "api.example.com"),
                List.of(),
                List.of(route),
                List.of());
        MeshConfig config = new MeshConfig(List.of(rule), List.of(Rules.versions("details", "v1")), List.of());

        assertThat(NamedServices.of(config, "mesh.local").names())
                .extracting(ServiceName::host)
                .containsExactly(
                        "api.example.com",
                        "details.default.svc.mesh.local",
                        "ratings.shop.svc.mesh.local",
                        "reviews.shop.svc.mesh.local",
                        "shadow.other.svc.cluster.local");
    }

    @Test
    void labelsMatterForHostsWithSubsetsOnly() {
        MeshConfig config = new MeshConfig(
                List.of(Rules.toSubset("ratings", "v1")),
                List.of(
                        Rules.versions("reviews", "v1"),
                        Rules.versions("details"),
                        Rules.versions("*.shop.svc.cluster.local", "v1")),
                List.of());

        NamedServices named = NamedServices.of(config, "cluster.local");

        assertThat(named.key(service("reviews.default"))).isEqualTo(new ServiceKey(service("reviews.default"), true));
        assertThat(named.key(service("details.default"))).isEqualTo(new ServiceKey(service("details.default"), false));
        assertThat(named.key(service("ratings.default")).labels()).isFalse();
        assertThat(named.key(service("cart.shop")).labels()).isTrue();
    }

    @Test
    void labelsMatterForAllHostsWhereSomebodyWantsThem() {
        NamedServices named = NamedServices.of(MeshConfig.EMPTY, "cluster.local", true);

        assertThat(named.key(service("ratings.default")).labels()).isTrue();
    }

    private static ServiceName service(String nameAndNamespace) {
        return new ServiceName(nameAndNamespace + ".svc.cluster.local");
    }
}
