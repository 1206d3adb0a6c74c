package io.inmesh.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.event.Ejection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointGaugesTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final OwnMeters own = new OwnMeters(registry);
    private final EjectionMeters ejections = new EjectionMeters(own, Tags.empty(), 2);
    private final EndpointGauges gauges = new EndpointGauges(own, Tags.empty(), 2, ejections);

    @Test
    void allThatIsToldOfAHostCounts() {
        ServiceEndpoints some = told("ratings", endpoint("a", Condition.READY));
        gauges.show(List.of(some, told("ratings", endpoint("b", Condition.READY), endpoint("c", Condition.NOT_READY))));

        assertThat(shown("ratings"))
                .isEqualTo(Map.of("ready", 2.0, "terminating", 0.0, "not_ready", 1.0, "ejected", 0.0));

        gauges.show(List.of(some));

        assertThat(shown("ratings"))
                .isEqualTo(Map.of("ready", 1.0, "terminating", 0.0, "not_ready", 0.0, "ejected", 0.0));
    }

    @Test
    void whatIsGoneIsGoneAndWhatIsTooMuchIsTogether() {
        gauges.show(List.of(
                told("ratings", endpoint("a", Condition.READY)),
                told("reviews", endpoint("b", Condition.TERMINATING)),
                told("details", endpoint("c", Condition.READY)),
                told("page", endpoint("d", Condition.READY))));

        assertThat(shown("reviews")).containsEntry("terminating", 1.0);
        assertThat(shown("details")).isEmpty();
        assertThat(shown("other")).containsEntry("ready", 2.0);

        gauges.show(List.of());

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void anEndpointIsEjectedOnceHoweverManyClustersSpareIt() {
        gauges.show(List.of(told("ratings", endpoint("a", Condition.READY))));
        Ejection whole = ejection("outbound|80||ratings");
        Ejection subset = ejection("outbound|80|v1|ratings");

        ejections.ejected(whole);
        ejections.ejected(subset);
        assertThat(shown("ratings")).containsEntry("ejected", 1.0).containsEntry("ready", 1.0);

        ejections.readmitted(whole);
        assertThat(shown("ratings")).containsEntry("ejected", 1.0);
        ejections.readmitted(subset);
        assertThat(shown("ratings")).containsEntry("ejected", 0.0);
        assertThat(registry.get("mesh.client.ejections")
                        .tags("service", "ratings", "reason", "consecutive_5xx")
                        .counter()
                        .count())
                .isEqualTo(2.0);
    }

    @Test
    void ejectionsOfServicesBeyondTheLimitAreTogether() {
        for (String service : List.of("ratings", "reviews", "details", "page")) {
            ejections.ejected(ejection("outbound|80||" + service));
        }

        assertThat(registry.get("mesh.client.ejections")
                        .tag("service", "other")
                        .counter()
                        .count())
                .isEqualTo(2.0);
    }

    private static Ejection ejection(String cluster) {
        return Ejection.builder(cluster, endpoint("a", Condition.READY))
                .reason(Ejection.Reason.CONSECUTIVE_5XX, 5)
                .between(Instant.EPOCH, Instant.EPOCH.plusSeconds(30))
                .build();
    }

    private Map<String, Double> shown(String service) {
        return registry.find("mesh.endpoints").tag("service", service).gauges().stream()
                .collect(java.util.stream.Collectors.toMap(
                        gauge -> String.valueOf(gauge.getId().getTag("state")), Gauge::value));
    }

    private static ServiceEndpoints told(String host, Endpoint... endpoints) {
        return ServiceEndpoints.builder(new ServiceName(host), "default", ServiceEndpoints.State.ENDPOINTS)
                .endpoints(Map.of(80, List.of(endpoints)))
                .build();
    }

    private static Endpoint endpoint(String id, Condition condition) {
        return Endpoint.builder(id, "10.0.0.1", 80).condition(condition).build();
    }
}
