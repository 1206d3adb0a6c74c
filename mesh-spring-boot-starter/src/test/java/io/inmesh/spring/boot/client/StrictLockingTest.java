package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.AnyClient;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.MeshBuilderCustomizer;
import io.inmesh.spring.boot.TestApplication;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.SpringProperties;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** A bean waits, while it is made, for a call of another thread, where Spring lets no two threads make beans at a time. */
@ExtendWith(OutputCaptureExtension.class)
class StrictLockingTest {
    private static final String STRICT = "spring.locking.strict";

    private static Backend meshed;
    private static Backend own;

    record Waited(String answer) {}

    @Configuration(proxyBeanMethods = false)
    static class Application {
        @Bean
        Waited waited(RestTemplate template) throws Exception {
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> ask(template));
            try {
                return new Waited(call.get(20, TimeUnit.SECONDS));
            } catch (TimeoutException tooLate) {
                return new Waited("none: the call waits for this bean");
            }
        }

        @Bean
        RestTemplate template() {
            return new RestTemplate();
        }
    }

    /** What the mesh is made with needs a client, which therefore cannot come after the mesh. */
    @Configuration(proxyBeanMethods = false)
    static class MeshOverClient {
        @Bean
        MeshBuilderCustomizer customizer(RestTemplate template) {
            return builder -> assertThat(template).isNotNull();
        }
    }

    private static String ask(Object client) {
        return AnyClient.get(client, "http://" + own.address() + "/x", "anybody");
    }

    @BeforeAll
    static void start() {
        meshed = Backend.named("meshed");
        own = Backend.named("own");
    }

    @AfterAll
    static void stop() {
        meshed.close();
        own.close();
    }

    @BeforeEach
    void lockStrictly() {
        SpringProperties.setFlag(STRICT);
    }

    @AfterEach
    void lockAsEver() {
        SpringProperties.setProperty(STRICT, null);
    }

    private static ConfigurableApplicationContext run(Class<?>... more) {
        return new SpringApplicationBuilder(TestApplication.class, Application.class)
                .sources(more)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "mesh.services.both.host=127.0.0.1",
                        "mesh.services.both.port="
                                + own.address().substring(own.address().indexOf(':') + 1),
                        "mesh.services.both.endpoints[0].address=" + meshed.address())
                .run();
    }

    @Test
    void theCallOfTheOtherThreadGoesByTheMesh() {
        try (ConfigurableApplicationContext application = run()) {
            assertThat(application.getBean(Waited.class).answer()).isEqualTo("meshed");
        }
    }

    @Test
    void whereTheMeshCannotBeMadeYetTheCallGoesItsOwnWayAndIsTold(CapturedOutput output) {
        try (ConfigurableApplicationContext application = run(MeshOverClient.class)) {
            assertThat(application.getBean(Waited.class).answer()).isEqualTo("own");
            assertThat(output.getOut()).contains("go past the mesh, which is not made yet");
            assertThat(ask(application.getBean(RestTemplate.class))).isEqualTo("meshed");
            assertThat(ask(application.getBean(RestClient.Builder.class))).isEqualTo("meshed");
        }
    }
}
