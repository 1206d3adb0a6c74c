package io.inmesh.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointGaugesTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final EndpointGauges gauges = new EndpointGauges(new OwnMeters(registry), Tags.empty(), 2);

    @Test
    void allThatIsToldOfAHostCounts() {
        ServiceEndpoints some = told("ratings", endpoint("a", Condition.READY));
        gauges.show(List.of(some, told("ratings", endpoint("b", Condition.READY), endpoint("c", Condition.NOT_READY))));

        assertThat(shown("ratings")).isEqualTo(Map.of("ready", 2.0, "terminating", 0.0, "not_ready", 1.0));

        gauges.show(List.of(some));

        assertThat(shown("ratings")).isEqualTo(Map.of("ready", 1.0, "terminating", 0.0, "not_ready", 0.0));
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
