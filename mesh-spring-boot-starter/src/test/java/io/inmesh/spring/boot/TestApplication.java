package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application without anything of its own. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class TestApplication {

    /** Starts it without a web server. */
    public static ConfigurableApplicationContext start(String... properties) {
        return start(TestApplication.class, properties);
    }

    /** Starts another one in the same way. */
    public static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off")
                .properties(properties)
                .run();
    }

    /** Waits until no attempt to a service is under way. */
    public static void awaitIdle(Mesh mesh, String url) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> mesh.explain("GET", url, java.util.Map.of()).endpoints().stream()
                        .allMatch(endpoint -> endpoint.activeRequests() == 0));
    }
}
