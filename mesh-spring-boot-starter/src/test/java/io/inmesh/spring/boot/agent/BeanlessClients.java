package io.inmesh.spring.boot.agent;

import io.inmesh.spring.boot.client.NotMeshed;
import jakarta.annotation.PostConstruct;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A program whose clients are no beans. The host that all call is the mesh's as well as a real one, so that each answer
 * tells the way that the call went.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
public class BeanlessClients {
    private static final RestTemplate STATIC_TEMPLATE = new RestTemplate();
    private static final RestClient STATIC_CLIENT = RestClient.create();
    private static final WebClient STATIC_WEB_CLIENT = WebClient.create();

    private static String url;

    /** Prints what each client is answered, at several moments. The first argument is the URL, the rest Spring Boot's. */
    public static void main(String[] arguments) {
        url = arguments[0];
        String[] properties = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
        Map<String, UnaryOperator<String>> early = clients();
        print("before", early);
        ConfigurableApplicationContext older = start(properties);
        print("early", early);
        print("late", clients());
        print("beans", beans(older));
        mocked();
        ConfigurableApplicationContext newer = start(properties);
        newer.close();
        print("older", early);
        older.close();
        print("after", early);
        start(properties).close();
        ConfigurableApplicationContext last = start(properties);
        print("again", early);
        last.close();
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(BeanlessClients.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off")
                .run(properties);
    }

    /** Each way to make a client without a bean. */
    private static Map<String, UnaryOperator<String>> clients() {
        Map<String, UnaryOperator<String>> clients = new LinkedHashMap<>();
        clients.put("static RestTemplate", with(STATIC_TEMPLATE));
        clients.put("static RestClient", with(STATIC_CLIENT));
        clients.put("static WebClient", with(STATIC_WEB_CLIENT));
        clients.put("RestTemplate", with(new RestTemplate()));
        clients.put("RestTemplate of a factory", with(new RestTemplate(new JdkClientHttpRequestFactory())));
        clients.put("RestTemplate, buffering and intercepted", with(intercepted()));
        RestTemplate later = new Subclass();
        later.setRequestFactory(new SimpleClientHttpRequestFactory());
        clients.put("RestTemplate's subclass with a later factory", with(later));
        clients.put("RestTemplateBuilder", with(new RestTemplateBuilder().build()));
        clients.put("RestClient of a RestTemplate", with(RestClient.create(new RestTemplate())));
        clients.put(
                "RestClient.builder",
                with(RestClient.builder()
                        .requestFactory(new SimpleClientHttpRequestFactory())
                        .build()));
        clients.put("RestClient.mutate", with(RestClient.create().mutate().build()));
        clients.put(
                "WebClient.builder",
                with(WebClient.builder()
                        .filter((request, next) -> next.exchange(request))
                        .build()));
        clients.put("WebClient.mutate", with(WebClient.create().mutate().build()));
        return clients;
    }

    private static RestTemplate intercepted() {
        RestTemplate template =
                new RestTemplate(new BufferingClientHttpRequestFactory(new SimpleClientHttpRequestFactory()));
        template.getInterceptors().add((request, body, execution) -> {
            var response = execution.execute(request, body);
            response.getBody().readAllBytes();
            System.out.println("> intercepted host = " + request.getURI().getHost());
            return response;
        });
        return template;
    }

    private static class Subclass extends RestTemplate {}

    private static Map<String, UnaryOperator<String>> beans(ConfigurableApplicationContext context) {
        Map<String, UnaryOperator<String>> clients = new LinkedHashMap<>();
        clients.put("meshed", with(context.getBean("meshed", RestTemplate.class)));
        RestTemplate template = context.getBean("template", RestTemplate.class);
        clients.put("RestTemplate", with(template));
        clients.put("RestClient of the RestTemplate", with(RestClient.create(template)));
        RestClient.Builder builder = context.getBean("builder", RestClient.Builder.class);
        clients.put("RestClient.Builder", with(builder.clone().build()));
        clients.put(
                "RestClient.Builder with a factory",
                with(builder.requestFactory(new JdkClientHttpRequestFactory()).build()));
        RestClient client = context.getBean("client", RestClient.class);
        clients.put("RestClient", with(client));
        clients.put("RestClient's mutation", with(client.mutate().build()));
        WebClient web = context.getBean("web", WebClient.class);
        clients.put("WebClient", with(web));
        clients.put("WebClient's mutation", with(web.mutate().build()));
        clients.put(
                "RestTemplateBuilder",
                with(context.getBean("templates", RestTemplateBuilder.class).build()));
        clients.put("excluded by name", with(context.getBean("named", RestTemplate.class)));
        return clients;
    }

    private static void mocked() {
        RestTemplate template = new RestTemplate();
        MockRestServiceServer server = MockRestServiceServer.bindTo(template).build();
        server.expect(MockRestRequestMatchers.anything())
                .andRespond(MockRestResponseCreators.withSuccess("mock", null));
        System.out.println("> mock = " + with(template).apply(url));
        System.out.println("> factory = "
                + new RestTemplate().getRequestFactory().getClass().getSimpleName());
    }

    private static UnaryOperator<String> with(RestTemplate template) {
        return to -> template.getForObject(URI.create(to), String.class);
    }

    private static UnaryOperator<String> with(RestClient client) {
        return to ->
                client.method(HttpMethod.GET).uri(URI.create(to)).retrieve().body(String.class);
    }

    private static UnaryOperator<String> with(WebClient client) {
        return to -> client.get()
                .uri(URI.create(to))
                .retrieve()
                .bodyToMono(String.class)
                .block();
    }

    private static void print(String moment, Map<String, UnaryOperator<String>> clients) {
        clients.forEach((name, client) -> System.out.println("> " + moment + ": " + name + " = " + client.apply(url)));
    }

    @Bean
    RestTemplate meshed() {
        return new RestTemplate();
    }

    @Bean
    RestTemplate named() {
        return new RestTemplate();
    }

    @Bean
    @NotMeshed
    RestTemplate template() {
        return new RestTemplate();
    }

    @Bean
    @NotMeshed
    RestClient client() {
        return RestClient.create();
    }

    @Bean
    @NotMeshed
    RestClient.Builder builder() {
        return RestClient.builder();
    }

    @Bean
    @NotMeshed
    WebClient web() {
        return WebClient.create();
    }

    @Bean
    @NotMeshed
    RestTemplateBuilder templates() {
        return new RestTemplateBuilder();
    }

    @Bean
    Starting starting() {
        return new Starting();
    }

    /** Calls while the context starts, on its thread and on another. */
    static class Starting {
        private final RestClient client = RestClient.create();

        @PostConstruct
        void call() throws InterruptedException {
            System.out.println("> starting = " + with(client).apply(url));
            Thread other = new Thread(() ->
                    System.out.println("> starting elsewhere = " + with(client).apply(url)));
            other.start();
            other.join();
        }
    }
}
