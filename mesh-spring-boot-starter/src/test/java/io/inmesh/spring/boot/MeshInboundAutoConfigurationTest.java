package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.spring.boot.inbound.CarryingExecutors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

class MeshInboundAutoConfigurationTest {
    private static final AutoConfigurations CONFIGURATIONS =
            AutoConfigurations.of(MeshAutoConfiguration.class, MeshInboundAutoConfiguration.class);

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    @Test
    void isThereWhereThereAreServletsUnlessSwitchedOff() {
        runner.run(context ->
                assertThat(context).hasSingleBean(FilterRegistrationBean.class).hasSingleBean(CarryingExecutors.class));
        runner.withPropertyValues("mesh.inbound.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(FilterRegistrationBean.class)
                        .doesNotHaveBean(CarryingExecutors.class));
        runner.withPropertyValues("mesh.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void saysWhichNameIsNone() {
        runner.withPropertyValues("mesh.inbound.headers[0]=end-user", "mesh.inbound.headers[1]=end user")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("mesh.inbound.headers[1]")
                        .hasMessageContaining("\"end user\""));
        runner.withPropertyValues("mesh.inbound.headers=content-length")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("mesh.inbound.headers[0]")
                        .hasMessageContaining("leave it out"));
    }

    /** An application's own decorator. */
    static class Decorated {
        private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        @Bean
        ThreadPoolTaskExecutor executor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setTaskDecorator(task -> () -> {
                seen.add("before " + (InboundContext.current() == null));
                task.run();
            });
            executor.initialize();
            return executor;
        }
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void keepsTheDecoratorThatAnExecutorHas() {
        runner.withUserConfiguration(Decorated.class).run(context -> {
            ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
            InboundContext jason =
                    InboundContext.builder().header("end-user", "jason").build();
            try (Scope scope = jason.open()) {
                assertThat(executor.submit(InboundContext::current).get()).isSameAs(jason);
            }
            assertThat(context.getBean(Decorated.class).seen).containsExactly("before true");
        });
    }
}
