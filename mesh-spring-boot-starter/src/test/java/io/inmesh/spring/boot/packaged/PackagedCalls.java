package io.inmesh.spring.boot.packaged;

import io.inmesh.spring.boot.TestApplication;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Calls with the builders of an application of its own; loaded on a class path that a test puts together. */
public final class PackagedCalls {
    private PackagedCalls() {}

    /** What one client of each kind is answered for {@code /plain}, which a rule rewrites. */
    public static List<String> answers(int port) {
        URI plain = URI.create("http://orders/plain");
        try (ConfigurableApplicationContext context = TestApplication.start(
                "mesh.services.orders.endpoints[0].address=127.0.0.1:" + port,
                "mesh.services.orders.routes[0].match[0].path.exact=/plain",
                "mesh.services.orders.routes[0].rewrite.path=/rewritten")) {
            return List.of(
                    text(context.getBean(RestClient.Builder.class)
                            .build()
                            .get()
                            .uri(plain)
                            .retrieve()
                            .body(String.class)),
                    text(context.getBean(RestTemplateBuilder.class).build().getForObject(plain, String.class)),
                    text(context.getBean(WebClient.Builder.class)
                            .build()
                            .get()
                            .uri(plain)
                            .retrieve()
                            .bodyToMono(String.class)
                            .block(Duration.ofSeconds(20))));
        }
    }

    private static String text(String answer) {
        return answer == null ? "nothing" : answer;
    }
}
