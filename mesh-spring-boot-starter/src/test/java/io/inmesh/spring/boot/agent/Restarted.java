package io.inmesh.spring.boot.agent;

import java.net.URI;
import java.util.Arrays;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** What is started anew. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class Restarted {
    private static final RestTemplate TEMPLATE = new RestTemplate();
    private static final RestClient CLIENT = RestClient.create();
    private static final WebClient WEB_CLIENT = WebClient.create();

    /** Prints what clients are answered. The first argument is the URL, the rest Spring Boot's. */
    public static void main(String[] arguments) {
        URI url = URI.create(arguments[0]);
        String run = arguments[arguments.length - 1];
        Thread.currentThread().setContextClassLoader(Restarted.class.getClassLoader());
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Restarted.class)
                .web(WebApplicationType.NONE)
                .run(Arrays.copyOfRange(arguments, 1, arguments.length));
        System.out.println("> " + run + " RestTemplate = " + TEMPLATE.getForObject(url, String.class));
        System.out.println(
                "> " + run + " RestClient = " + CLIENT.get().uri(url).retrieve().body(String.class));
        System.out.println("> " + run + " WebClient = "
                + WEB_CLIENT.get().uri(url).retrieve().bodyToMono(String.class).block());
        context.close();
        System.out.println("> " + run + " closed = " + TEMPLATE.getForObject(url, String.class));
    }
}
