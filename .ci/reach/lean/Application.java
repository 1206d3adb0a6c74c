package reach;

import java.net.URI;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** An application with Spring Web and nothing else: no actuator, no WebClient, and on Boot 4 no module of clients. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments);
        context.getBean(Calls.class).ways();
        System.exit(SpringApplication.exit(context));
    }

    @Bean
    RestTemplate template() {
        return new RestTemplate();
    }

    @Bean
    RestClient client() {
        return RestClient.create("http://orders");
    }

    @Component
    static class Calls {
        private final RestTemplate template;
        private final RestClient bean;
        private final RestClient injected;

        Calls(RestTemplate template, @Qualifier("client") RestClient bean, RestClient.Builder builder) {
            this.template = template;
            this.bean = bean;
            this.injected = builder.baseUrl("http://orders").build();
        }

        void ways() {
            Ways.mesh("lean", "new RestTemplate() in a bean",
                    path -> template.getForObject(URI.create("http://orders" + path), String.class));
            Ways.mesh("lean", "RestClient.create(url) in a bean", path -> bean.get().uri(path).retrieve().body(String.class));
            Ways.mesh("lean", "RestClient.Builder, injected",
                    path -> injected.get().uri(path).retrieve().body(String.class));
        }
    }
}
