package reach;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

/** An application with WebFlux and nothing else: no servlet, no actuator, and on Boot 4 no module of clients. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments);
        context.getBean(Calls.class).ways();
        System.exit(SpringApplication.exit(context));
    }

    @Bean
    WebClient built() {
        return WebClient.builder().baseUrl("http://orders").build();
    }

    @Bean
    WebClient created() {
        return WebClient.create("http://orders");
    }

    @Component
    static class Calls {
        private final WebClient built;
        private final WebClient created;

        Calls(@Qualifier("built") WebClient built, @Qualifier("created") WebClient created) {
            this.built = built;
            this.created = created;
        }

        void ways() {
            Ways.mesh("reactive", "WebClient.builder() in a bean", path -> get(built, path));
            Ways.mesh("reactive", "WebClient.create(url) in a bean", path -> get(created, path));
        }

        private static String get(WebClient client, String path) {
            return client.get().uri(path).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(20));
        }
    }
}
