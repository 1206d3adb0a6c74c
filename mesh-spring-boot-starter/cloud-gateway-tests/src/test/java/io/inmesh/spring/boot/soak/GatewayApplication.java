package io.inmesh.spring.boot.soak;

import static io.inmesh.spring.boot.soak.SoakFleet.H2C;
import static io.inmesh.spring.boot.soak.SoakFleet.PLAIN;
import static io.inmesh.spring.boot.soak.SoakFleet.TLS;

import io.inmesh.spring.boot.cloud.gateway.Gateway;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A gateway with routes to all services, by their URL below {@code /url}, by the load balancer's below {@code /lb}. */
record GatewayApplication(WebApplicationType type) implements SoakApplication {
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    private String kind() {
        return type == WebApplicationType.REACTIVE ? "webflux" : "webmvc";
    }

    private List<String> routes() {
        String[][] routes = {
            {"url", PLAIN, "http://" + PLAIN},
            {"url", H2C, "http://" + H2C},
            {"url", TLS, "https://" + TLS},
            {"lb", PLAIN, "lb://" + PLAIN},
            {"lb", H2C, "lb://" + H2C},
            // On Web MVC nothing says so of a load balancer's route.
            {"lb", TLS, (type == WebApplicationType.REACTIVE ? "lb:https://" : "https://") + TLS},
        };
        List<String> properties = new ArrayList<>();
        for (int i = 0; i < routes.length; i++) {
            String[] route = routes[i];
            String name = "--spring.cloud.gateway.server." + kind() + ".routes[" + i + "].";
            properties.add(name + "id=" + route[0] + "-" + route[1]);
            properties.add(name + "uri=" + route[2]);
            properties.add(name + "predicates[0]=Path=/" + route[0] + "/" + route[1] + "/**");
            properties.add(name + "filters[0]=StripPrefix=2");
        }
        return properties;
    }

    @Override
    public ConfigurableApplicationContext start(SoakFleet fleet, SoakReport report, SoakSettings settings) {
        List<String> arguments = new ArrayList<>(Gateway.arguments(type));
        arguments.addAll(routes());
        arguments.addAll(List.of(
                "--spring.threads.virtual.enabled=" + settings.virtualThreads(),
                // They tell of every broken connection.
                "--logging.level.root=off",
                "--mesh.resources.soak=" + fleet.rules()));
        return new SpringApplicationBuilder(Application.class)
                .web(type)
                .initializers(
                        context -> ((GenericApplicationContext) context).registerBean(SoakReport.class, () -> report))
                .run(arguments.toArray(String[]::new));
    }

    @Override
    public List<SoakClient> clients(ConfigurableApplicationContext application, SoakFleet fleet) {
        String gateway = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + "/";
        return List.of(
                new GatewayClient(kind() + ", http route", gateway + "url/"),
                new GatewayClient(kind() + ", lb route", gateway + "lb/"));
    }
}
