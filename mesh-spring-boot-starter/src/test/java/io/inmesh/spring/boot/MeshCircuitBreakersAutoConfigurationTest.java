package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.registry.EntryAddedEvent;
import io.github.resilience4j.core.registry.EntryRemovedEvent;
import io.github.resilience4j.core.registry.EntryReplacedEvent;
import io.github.resilience4j.core.registry.RegistryEventConsumer;
import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.testing.RecordingCircuitBreaker;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which circuit breakers rules of an application may name. */
class MeshCircuitBreakersAutoConfigurationTest {
    private static final String URL = "http://reviews/";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(MeshAutoConfiguration.class, MeshCircuitBreakersAutoConfiguration.class))
            .withPropertyValues(
                    "mesh.services.reviews.endpoints[0].address=127.0.0.1:9080", "mesh.resources.guard=" + """
                    {apiVersion: networking.istio.io/v1, kind: DestinationRule,
                     metadata: {name: guard, annotations: {inmesh.io/circuit-breaker: reviews}},
                     spec: {host: reviews}}
                    """);

    private static CircuitBreakerRegistry registry() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        registry.circuitBreaker(
                "reviews",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .build());
        return registry;
    }

    private static int call(Mesh mesh, int status) throws IOException {
        Reply reply = mesh.execute(ScriptedExchange.get(URL, attempt -> Reply.of(status, "")));
        reply.close();
        return reply.status();
    }

    private static void isRefused(Mesh mesh) {
        assertThat(catchThrowableOfType(MeshException.class, () -> call(mesh, 200)))
                .hasMessageContaining("circuit breaker reviews refuses it (OPEN)");
    }

    private static List<ConfigProblem> problems(Mesh mesh) {
        return mesh.status().problems();
    }

    @Test
    void thoseOfTheBean() {
        runner.withBean(CircuitBreakerRegistry.class, MeshCircuitBreakersAutoConfigurationTest::registry)
                .run(context -> {
                    Mesh mesh = context.getBean(Mesh.class);
                    call(mesh, 500);
                    call(mesh, 500);

                    isRefused(mesh);
                    assertThat(problems(mesh)).isEmpty();
                });
    }

    @Test
    void aNameThatIsNotThereIsANote() {
        runner.withBean(CircuitBreakerRegistry.class, CircuitBreakerRegistry::ofDefaults)
                .run(context -> assertThat(problems(context.getBean(Mesh.class)))
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.severity()).isEqualTo(Severity.NOTE);
                            assertThat(problem.message()).contains("nor a configuration named reviews");
                        }));
    }

    @Test
    void withoutABeanOrTheLibraryThereAreNone() {
        runner.run(context -> isUnguarded(context.getBean(Mesh.class)));
        runner.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
                .run(context -> isUnguarded(context.getBean(Mesh.class)));
    }

    @Test
    void ofSeveralBeansNoneIsTaken() {
        runner.withBean("one", CircuitBreakerRegistry.class, CircuitBreakerRegistry::ofDefaults)
                .withBean("other", CircuitBreakerRegistry.class, CircuitBreakerRegistry::ofDefaults)
                .run(context -> isUnguarded(context.getBean(Mesh.class)));
    }

    private static void isUnguarded(Mesh mesh) throws IOException {
        assertThat(problems(mesh)).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.fix()).contains("one bean CircuitBreakerRegistry");
        });
        assertThat(call(mesh, 200)).isEqualTo(200);
    }

    @Test
    void aCustomizerOfTheApplicationMayGiveOthers() {
        RecordingCircuitBreaker other = new RecordingCircuitBreaker();
        runner.withBean(CircuitBreakerRegistry.class, MeshCircuitBreakersAutoConfigurationTest::registry)
                .withBean(MeshBuilderCustomizer.class, () -> builder -> builder.circuitBreakers(other))
                .run(context -> {
                    call(context.getBean(Mesh.class), 200);

                    assertThat(other.told()).hasSize(2);
                });
    }

    /** Such as one that posts what it hears, by a client of the mesh. */
    @Configuration(proxyBeanMethods = false)
    static class ConsumerThatNeedsTheMesh {
        private static final List<String> HEARD = new CopyOnWriteArrayList<>();

        @Bean
        CircuitBreakerRegistry registry(RegistryEventConsumer<CircuitBreaker> consumer) {
            return CircuitBreakerRegistry.of(
                    CircuitBreakerConfig.custom()
                            .slidingWindowSize(2)
                            .minimumNumberOfCalls(2)
                            .build(),
                    consumer);
        }

        @Bean
        RegistryEventConsumer<CircuitBreaker> consumer(Mesh mesh) {
            return new RegistryEventConsumer<>() {
                @Override
                public void onEntryAddedEvent(EntryAddedEvent<CircuitBreaker> added) {
                    HEARD.add(added.getAddedEntry().getName() + mesh.status().problems());
                }

                @Override
                public void onEntryRemovedEvent(EntryRemovedEvent<CircuitBreaker> removed) {}

                @Override
                public void onEntryReplacedEvent(EntryReplacedEvent<CircuitBreaker> replaced) {}
            };
        }
    }

    @Test
    void whatListensToTheRegistryMayItselfNeedTheMesh() {
        runner.withUserConfiguration(ConsumerThatNeedsTheMesh.class).run(context -> {
            Mesh mesh = context.getBean(Mesh.class);
            call(mesh, 500);
            call(mesh, 500);

            isRefused(mesh);
            assertThat(ConsumerThatNeedsTheMesh.HEARD).containsExactly("reviews[]");
        });
    }
}
