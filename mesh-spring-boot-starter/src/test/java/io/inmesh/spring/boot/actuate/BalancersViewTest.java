package io.inmesh.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.inmesh.spring.boot.Backend;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.json.JsonContent;
import org.springframework.web.client.RestTemplate;

/** What the actuator tells of who decides beside a load balancer of the application's. */
class BalancersViewTest {
    private static Backend backend;
    private static ServletWebServerApplicationContext application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        @LoadBalanced
        RestTemplate balanced() {
            return new RestTemplate();
        }
    }

    @BeforeAll
    static void start() {
        backend = Backend.named("v1");
        application = (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.main.banner-mode=off",
                        "--management.endpoints.web.exposure.include=mesh",
                        "--mesh.services.orders.endpoints[0].address=" + backend.address(),
                        "--spring.cloud.discovery.client.simple.instances.orders[0].uri=http://" + backend.address(),
                        "--spring.cloud.discovery.client.simple.instances.legacy[0].uri=http://" + backend.address());
    }

    @AfterAll
    static void stop() {
        application.close();
        backend.close();
    }

    private static JsonContent get(String path) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + application.getWebServer().getPort() + "/actuator/mesh/" + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonContent(response.body());
    }

    @Test
    void whoDecidedIsCountedForEachService() throws Exception {
        RestTemplate balanced = application.getBean("balanced", RestTemplate.class);
        assertThat(balanced.getForObject("http://orders/x", String.class)).isEqualTo("v1");
        assertThat(balanced.getForObject("http://legacy/x", String.class)).isEqualTo("v1");

        JsonContent balancers = get("balancers");

        assertThat(balancers)
                .extractingPath("$[?(@.service == 'orders')]")
                .asArray()
                .singleElement()
                .asString()
                .contains("byMesh=1", "byApplication=0");
        assertThat(balancers)
                .extractingPath("$[?(@.service == 'legacy')]")
                .asArray()
                .singleElement()
                .asString()
                .contains("byMesh=0", "byApplication=1");
    }

    @Test
    void explainSaysWhoWouldDecide() throws Exception {
        assertThat(get("explain?url=http://orders/x"))
                .extractingPath("$.balancer")
                .isEqualTo("mesh");
        assertThat(get("explain?url=http://legacy/x"))
                .extractingPath("$.balancer")
                .isEqualTo("application");
        assertThat(get("explain?url=http://legacy/x"))
                .extractingPath("$.registered")
                .asMap()
                .containsExactly(entry("Simple Discovery Client", 1));
        assertThat(get("explain?url=http://nobody/x"))
                .extractingPath("$.balancer")
                .isEqualTo("application");
        assertThat(get("explain?url=http://nobody/x")).doesNotHavePath("$.registered");
    }
}
