package io.inmesh.spring.boot;

import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps Spring Boot from believing {@code X-Forwarded-*} headers where there is a gateway, which it does by itself in
 * Kubernetes: addresses and schemes that strangers tell would be those that policies judge. The gateway counts trusted
 * proxies itself.
 */
public final class GatewayForwardedHeaders implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    static final String STRATEGY = "server.forward-headers-strategy";

    /** Made by Spring Boot. */
    public GatewayForwardedHeaders() {}

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (environment.getProperty(MeshGatewayServletAutoConfiguration.ENABLED, Boolean.class, false)) {
            environment.getPropertySources().addLast(new MapPropertySource("mesh gateway", Map.of(STRATEGY, "none")));
        }
    }

    /** Refuses a strategy that somebody has set. */
    static void check(Environment environment, PropertyProblems problems) {
        String strategy = environment.getProperty(STRATEGY, "none");
        if (!strategy.equalsIgnoreCase("none")) {
            problems.error(
                    STRATEGY,
                    "is " + strategy + ", with which the container believes X-Forwarded-For of every private address,"
                            + " and policies of the gateway would judge what strangers tell",
                    "remove it, and say in mesh.gateway.trusted-hops how many proxies are before the gateway");
        }
    }
}
