package io.inmesh.spring.boot;

import java.net.URI;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestTemplate;

/** An application that a test starts on a class path from which libraries are gone. */
public final class AbsentLibraries {
    private AbsentLibraries() {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        RestTemplate template() {
            return new RestTemplate();
        }
    }

    /** What a RestTemplate bean is answered by the service {@code orders}. */
    public static String answer(String address) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.application.name=absent",
                        "logging.level.root=warn",
                        "mesh.services.orders.endpoints[0].address=" + address)
                .run()) {
            String answer =
                    context.getBean(RestTemplate.class).getForObject(URI.create("http://orders/x"), String.class);
            return answer == null ? "nothing" : answer;
        }
    }
}
