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

/** A program under two agents. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class TwoAgents {

    /** Prints what clients are answered. The first argument is the URL, the rest Spring Boot's. */
    public static void main(String[] arguments) throws Exception {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(TwoAgents.class)
                .web(WebApplicationType.NONE)
                .run(Arrays.copyOfRange(arguments, 1, arguments.length));
        URI url = URI.create(arguments[0]);
        call("first", url);
        System.out.println("> seen by the other = " + SecondAgent.hasSeenAll());
        System.out.println("> changed again = " + SecondAgent.again());
        call("then", url);
        context.close();
    }

    private static void call(String moment, URI url) {
        System.out.println("> " + moment + ": RestTemplate = " + new RestTemplate().getForObject(url, String.class));
        System.out.println("> " + moment + ": RestClient = "
                + RestClient.create().get().uri(url).retrieve().body(String.class));
        System.out.println("> " + moment + ": WebClient = "
                + WebClient.builder()
                        .filter((request, next) -> next.exchange(request))
                        .build()
                        .get()
                        .uri(url)
                        .retrieve()
                        .bodyToMono(String.class)
                        .block());
    }
}
