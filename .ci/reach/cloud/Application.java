package reach;

import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** What Spring Cloud balances: orders, which the mesh knows, and legacy, which only simple discovery knows. */
@SpringBootApplication
@EnableFeignClients
public class Application {
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments);
        context.getBean(Calls.class).ways();
        discovery(context);
        System.exit(SpringApplication.exit(context));
    }

    private static void discovery(ConfigurableApplicationContext context) {
        Ways.check("discovery", "DiscoveryClient knows orders and legacy", () -> {
            DiscoveryClient all = context.getBean(DiscoveryClient.class);
            Ways.holds(all.getInstances("orders").size() == 1, "an instance of orders", all.getServices().toString());
            return Ways.holds(all.getInstances("legacy").size() == 1, "one of legacy", all.getServices().toString());
        });
        Ways.check("discovery", "ReactiveDiscoveryClient knows orders and legacy", () -> {
            ReactiveDiscoveryClient all = context.getBean(ReactiveDiscoveryClient.class);
            Duration limit = Duration.ofSeconds(20);
            String services = String.valueOf(all.getServices().collectList().block(limit));
            Ways.holds(List.of(1L).equals(List.of(all.getInstances("orders").count().block(limit))), "an instance of orders", services);
            return Ways.holds(List.of(1L).equals(List.of(all.getInstances("legacy").count().block(limit))), "one of legacy", services);
        });
    }

    @FeignClient("orders")
    public interface ByName {
        @GetMapping("/plain")
        String plain();

        @GetMapping("/old/thing")
        String rewritten();
    }

    @FeignClient(name = "orders-by-url", url = "http://orders")
    public interface ByUrl {
        @GetMapping("/plain")
        String plain();

        @GetMapping("/old/thing")
        String rewritten();
    }

    @FeignClient("legacy")
    public interface Legacy {
        @GetMapping("/plain")
        String plain();
    }

    @FeignClient(name = "legacy-by-url", url = "${reach.legacy}")
    public interface LegacyByUrl {
        @GetMapping("/plain")
        String plain();
    }

    @Bean
    @LoadBalanced
    RestTemplate template() {
        return new RestTemplate();
    }

    @Bean
    @LoadBalanced
    RestClient.Builder client() {
        return RestClient.builder();
    }

    @Bean
    @LoadBalanced
    WebClient.Builder web() {
        return WebClient.builder();
    }

    @Component
    static class Calls {
        private final ByName byName;
        private final ByUrl byUrl;
        private final Legacy legacy;
        private final LegacyByUrl legacyByUrl;
        private final RestTemplate template;
        private final RestClient client;
        private final WebClient web;

        Calls(
                ByName byName,
                ByUrl byUrl,
                Legacy legacy,
                LegacyByUrl legacyByUrl,
                @Qualifier("template") RestTemplate template,
                @Qualifier("client") RestClient.Builder client,
                @Qualifier("web") WebClient.Builder web) {
            this.byName = byName;
            this.byUrl = byUrl;
            this.legacy = legacy;
            this.legacyByUrl = legacyByUrl;
            this.template = template;
            this.client = client.build();
            this.web = web.build();
        }

        void ways() {
            Ways.mesh("cloud", "OpenFeign by name", path -> path.equals("/plain") ? byName.plain() : byName.rewritten());
            Ways.mesh("cloud", "OpenFeign by url", path -> path.equals("/plain") ? byUrl.plain() : byUrl.rewritten());
            Ways.mesh("cloud", "@LoadBalanced RestTemplate", path -> withTemplate("http://orders" + path));
            Ways.mesh("cloud", "@LoadBalanced RestClient.Builder", path -> withClient("http://orders" + path));
            Ways.mesh("cloud", "@LoadBalanced WebClient.Builder", path -> withWeb("http://orders" + path));
            Ways.own("unknown hosts", "OpenFeign by name", path -> legacy.plain());
            Ways.own("unknown hosts", "OpenFeign by url", path -> legacyByUrl.plain());
            Ways.own("unknown hosts", "@LoadBalanced RestTemplate", path -> withTemplate("http://legacy" + path));
            Ways.own("unknown hosts", "@LoadBalanced RestClient.Builder", path -> withClient("http://legacy" + path));
            Ways.own("unknown hosts", "@LoadBalanced WebClient.Builder", path -> withWeb("http://legacy" + path));
        }

        private String withTemplate(String url) {
            return template.getForObject(url, String.class);
        }

        private String withClient(String url) {
            return client.get().uri(url).retrieve().body(String.class);
        }

        private String withWeb(String url) {
            return web.get().uri(url).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(20));
        }
    }
}
