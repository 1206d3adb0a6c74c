package io.inmesh;

import static io.inmesh.testing.Rules.endpoint;

import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mesh of which no rule names the service that is called. */
abstract class ServicesByCallFixture {
    static final String REVIEWS = "reviews.shop.svc.cluster.local";
    static final ServiceName SERVICE = new ServiceName(REVIEWS);
    static final String URL = "http://reviews:9080/";
    static final Duration IDLE = Duration.ofMinutes(10);

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    final ManualClock clock = new ManualClock();
    final FakeConfigSource rules = new FakeConfigSource("rules", MeshConfig.EMPTY);
    final FakeEndpointSource registry = new FakeEndpointSource("registry");

    Mesh mesh(OutboundTrafficPolicy policy, EndpointSource... more) {
        Mesh.Builder builder = Mesh.builder()
                .config(rules)
                .endpoints(registry)
                .outboundTrafficPolicy(policy)
                .self(WorkloadIdentity.DEFAULT.with("shop", Map.of()));
        for (EndpointSource source : more) {
            builder.endpoints(source);
        }
        return leaks.watch(
                MeshTesting.manual(builder, clock, new SplittableRandom(1)).build());
    }

    Mesh mesh() {
        return mesh(OutboundTrafficPolicy.ALLOW_ANY);
    }

    static ServiceEndpoints found(String host, String address) {
        return new ServiceEndpoints(
                new ServiceName(host),
                "shop",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, List.of(endpoint(address, 9080))),
                List.of());
    }

    static String call(Mesh mesh, String url) throws IOException {
        Reply reply = mesh.execute(ScriptedExchange.get(url));
        return reply.by() == By.PASS_THROUGH ? "passed through" : reply.read();
    }
}
