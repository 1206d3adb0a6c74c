package reach;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.@REST_TEMPLATE@.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** The three injected builders, for class paths that hold another OkHttp, okio or Kotlin. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments);
        context.getBean(Calls.class).ways();
        System.exit(SpringApplication.exit(context));
    }

    @Component
    static class Calls {
        private final RestTemplate template;
        private final RestClient client;
        private final WebClient web;

        Calls(RestTemplateBuilder template, RestClient.Builder client, WebClient.Builder web) {
            this.template = template.build();
            this.client = client.baseUrl("http://orders").build();
            this.web = web.baseUrl("http://orders").build();
        }

        void ways() {
            Ways.mesh("clash", "RestTemplateBuilder, injected",
                    path -> template.getForObject(URI.create("http://orders" + path), String.class));
            Ways.mesh("clash", "RestClient.Builder, injected", path -> client.get().uri(path).retrieve().body(String.class));
            Ways.mesh("clash", "WebClient.Builder, injected",
                    path -> web.get().uri(path).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(20)));
        }
    }
}
