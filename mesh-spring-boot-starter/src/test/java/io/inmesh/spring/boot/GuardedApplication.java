package io.inmesh.spring.boot;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.inmesh.Mesh;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.RestTemplate;

/** An application with resilience4j's own starter, on whichever class path a test gives it. */
public final class GuardedApplication {
    private GuardedApplication() {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        RestTemplate template() {
            return new RestTemplate();
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    /** What becomes of three calls to a service whose breaker opens after two failures, and what is said of it then. */
    public static List<String> calls(String address) {
        List<String> said = new ArrayList<>();
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "logging.level.root=warn",
                        "resilience4j.circuitbreaker.instances.reviews.sliding-window-size=2",
                        "resilience4j.circuitbreaker.instances.reviews.minimum-number-of-calls=2",
                        "mesh.services.reviews.endpoints[0].address=" + address,
                        "mesh.resources.guard={apiVersion: networking.istio.io/v1, kind: DestinationRule,"
                                + " metadata: {name: guard, annotations: {inmesh.io/circuit-breaker: reviews}},"
                                + " spec: {host: reviews}}")
                .run()) {
            RestTemplate template = context.getBean(RestTemplate.class);
            for (int i = 0; i < 3; i++) {
                said.add(call(template));
            }
            Mesh mesh = context.getBean(Mesh.class);
            said.add(
                    mesh.explain("GET", "http://reviews/x", Map.of()).policies().get("circuitBreaker"));
            said.add("problems " + mesh.status().problems());
            said.add("breakers "
                    + context.getBean(CircuitBreakerRegistry.class)
                            .getAllCircuitBreakers()
                            .size());
            said.add("not permitted "
                    + context.getBean(MeterRegistry.class)
                            .get("resilience4j.circuitbreaker.not.permitted.calls")
                            .tag("name", "reviews")
                            .counter()
                            .count());
        }
        return said;
    }

    private static String call(RestTemplate template) {
        try {
            return String.valueOf(template.getForObject(URI.create("http://reviews/x"), String.class));
        } catch (RestClientResponseException answer) {
            return String.valueOf(answer.getStatusCode().value());
        } catch (ResourceAccessException refused) {
            return refused.getMostSpecificCause().getMessage().replaceAll("^(\\w+):.*, because", "$1");
        }
    }
}
