package reach;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** A small web application with two clients, of which the start is measured. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    @Bean
    RestTemplate template() {
        return new RestTemplate();
    }

    @Bean
    RestClient client() {
        return RestClient.create("http://orders");
    }

    @RestController
    static class Page {
        @GetMapping("/")
        String page() {
            return "small";
        }
    }
}
