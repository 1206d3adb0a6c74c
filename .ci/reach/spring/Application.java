package reach;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.@REST_TEMPLATE@.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Every way in which an application comes to a RestTemplate, a RestClient or a WebClient. Nothing in it is InMesh's. */
@SpringBootApplication
public class Application {
    private static final String ORDERS = "http://orders";
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments);
        context.getBean(Injected.class).ways();
        context.getBean(OfBeans.class).ways();
        context.getBean(Fields.class).ways();
        actuator(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        System.exit(SpringApplication.exit(context));
    }

    private static void actuator(int port) {
        Ways.check("actuator", "health tells of the mesh, UP", () -> Ways.holds(
                Ways.get(port, "/actuator/health").matches("(?s).*\"mesh\":\\{[^{}]*\"status\":\"UP\".*"),
                "mesh UP",
                Ways.get(port, "/actuator/health")));
        Ways.check("actuator", "/actuator/mesh answers", () -> {
            Ways.contains("\"generation\"", Ways.get(port, "/actuator/mesh"));
            return Ways.contains("orders", Ways.get(port, "/actuator/mesh/explain?method=GET&url=http://orders/old/thing"));
        });
    }

    @Bean
    RestTemplate bare() {
        return new RestTemplate();
    }

    @Bean
    RestTemplate intercepted() {
        SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
        factory.setConnectTimeout(5000);
        factory.setReadTimeout(10000);
        RestTemplate template = new RestTemplate(factory);
        template.setInterceptors(List.of(
                (request, body, execution) -> {
                    SEEN.add(request.getURI().getHost());
                    return execution.execute(request, body);
                },
                (request, body, execution) -> {
                    request.getHeaders().set("x-reach", "intercepted");
                    return execution.execute(request, body);
                }));
        return template;
    }

    @Bean
    RestTemplate buffering() {
        HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        return new RestTemplate(new BufferingClientHttpRequestFactory(new JdkClientHttpRequestFactory(client)));
    }

    @Bean
    RestClient built() {
        return RestClient.builder().baseUrl(ORDERS).defaultHeader("x-reach", "built").build();
    }

    @Bean
    RestClient created() {
        return RestClient.create(ORDERS);
    }

    @Bean
    WebClient webBuilt() {
        return WebClient.builder().baseUrl(ORDERS).defaultHeader("x-reach", "built").build();
    }

    @Bean
    WebClient webCreated() {
        return WebClient.create(ORDERS);
    }

    static String get(RestTemplate template, String path) {
        return template.getForObject(URI.create(ORDERS + path), String.class);
    }

    static String get(RestClient client, String path) {
        return client.get().uri(path).retrieve().body(String.class);
    }

    static String get(WebClient client, String path) {
        return client.get().uri(path).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(20));
    }

    @Component
    static class Injected {
        private final RestTemplate template;
        private final RestClient client;
        private final RestClient payments;
        private final WebClient web;

        Injected(RestTemplateBuilder template, RestClient.Builder client, WebClient.Builder web) {
            this.template = template.build();
            this.payments = client.clone().baseUrl("http://payments").build();
            this.client = client.baseUrl(ORDERS).build();
            this.web = web.baseUrl(ORDERS).build();
        }

        void ways() {
            Ways.mesh("spring", "RestTemplateBuilder, injected", path -> get(template, path));
            Ways.mesh("spring", "RestClient.Builder, injected", path -> get(client, path));
            Ways.mesh("spring", "WebClient.Builder, injected", path -> get(web, path));
            Ways.mesh("actuator", "rules of application.yaml", path -> get(payments, path));
        }
    }

    @Component
    static class OfBeans {
        private final Environment environment;
        private final RestTemplate bare;
        private final RestTemplate intercepted;
        private final RestTemplate buffering;
        private final RestClient built;
        private final RestClient created;
        private final WebClient webBuilt;
        private final WebClient webCreated;

        OfBeans(
                Environment environment,
                @Qualifier("bare") RestTemplate bare,
                @Qualifier("intercepted") RestTemplate intercepted,
                @Qualifier("buffering") RestTemplate buffering,
                @Qualifier("built") RestClient built,
                @Qualifier("created") RestClient created,
                @Qualifier("webBuilt") WebClient webBuilt,
                @Qualifier("webCreated") WebClient webCreated) {
            this.environment = environment;
            this.bare = bare;
            this.intercepted = intercepted;
            this.buffering = buffering;
            this.built = built;
            this.created = created;
            this.webBuilt = webBuilt;
            this.webCreated = webCreated;
        }

        void ways() {
            Ways.mesh("spring", "new RestTemplate() in a bean", path -> get(bare, path));
            Ways.mesh("spring", "RestTemplate bean, own factory and interceptors", path -> {
                String answer = Ways.contains(" x-reach=intercepted", get(intercepted, path));
                Ways.holds(SEEN.equals(Set.of("orders")), "an interceptor that sees orders", SEEN.toString());
                return answer;
            });
            Ways.mesh("spring", "RestTemplate bean, buffering over the JDK's factory", path -> get(buffering, path));
            Ways.mesh("spring", "RestClient.builder() in a bean", path -> Ways.contains(" x-reach=built", get(built, path)));
            Ways.mesh("spring", "RestClient.create(url) in a bean", path -> get(created, path));
            Ways.mesh("spring", "WebClient.builder() in a bean", path -> Ways.contains(" x-reach=built", get(webBuilt, path)));
            Ways.mesh("spring", "WebClient.create(url) in a bean", path -> get(webCreated, path));
            String legacy = environment.getRequiredProperty("reach.legacy");
            Ways.own("unknown hosts", "RestTemplate", path -> bare.getForObject(legacy + path, String.class));
            Ways.own("unknown hosts", "RestTemplate, own factory", path -> intercepted.getForObject(legacy + path, String.class));
            Ways.own("unknown hosts", "RestClient", path -> get(built, legacy, path));
            Ways.own("unknown hosts", "WebClient", path -> webBuilt.get()
                    .uri(legacy + path)
                    .retrieve()
                    .bodyToMono(String.class)
                    .block(Duration.ofSeconds(20)));
        }

        private static String get(RestClient client, String url, String path) {
            return client.get().uri(URI.create(url + path)).retrieve().body(String.class);
        }

        private static String get(RestClient client, String path) {
            return Application.get(client, path);
        }

        private static String get(RestTemplate template, String path) {
            return Application.get(template, path);
        }

        private static String get(WebClient client, String path) {
            return Application.get(client, path);
        }
    }

    @Component
    static class Fields {
        private final RestTemplate template = new RestTemplate();
        private final RestClient client = RestClient.create(ORDERS);
        private final WebClient web = WebClient.builder().baseUrl(ORDERS).build();

        void ways() {
            Ways.mesh("spring", "RestTemplate made in a field", path -> get(template, path));
            Ways.mesh("spring", "RestClient made in a field", path -> get(client, path));
            Ways.mesh("spring", "WebClient made in a field", path -> get(web, path));
        }
    }
}
