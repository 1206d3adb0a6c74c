package io.inmesh.spring.boot.console;

import io.inmesh.Mesh;
import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.servlet.ConsoleServlet;
import io.inmesh.spring.boot.ConsoleSettings;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshBuilderCustomizer;
import io.inmesh.spring.boot.MeshProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The console, where {@code mesh.console.enabled=true}: with the actuator where its endpoints are
 * ({@link MeshConsoleManagementConfiguration}), else in the application. The mesh takes the statistics as its observer, as it
 * does every bean that is one.
 */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        beforeName = "org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration")
@ConditionalOnProperty(name = ConsoleSettings.ENABLED, havingValue = "true")
@ConditionalOnBean(Mesh.class)
@ImportRuntimeHints(MeshConsoleAutoConfiguration.Hints.class)
public final class MeshConsoleAutoConfiguration {
    private static final String MANAGEMENT =
            "org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration";

    /** Makes the configuration. */
    public MeshConsoleAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    CallStatistics meshCallStatistics() {
        return new CallStatistics();
    }

    /** Versions are told by labels. */
    @Bean
    MeshBuilderCustomizer meshLabelsForConsole() {
        return Mesh.Builder::endpointLabels;
    }

    @Bean
    ConsoleSettings meshConsoleSettings(MeshProperties properties, ConfigurableEnvironment environment) {
        return ConsoleSettings.of(properties, environment);
    }

    @Bean
    @ConditionalOnMissingBean
    Console meshConsole(
            ConsoleSettings settings,
            Mesh mesh,
            CallStatistics statistics,
            WorkloadIdentity self,
            ConfigurableEnvironment environment) {
        return settings.console(mesh, statistics, self, environment);
    }

    /** Takes the page into a native image. */
    static final class Hints implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources().registerPattern("io/inmesh/console/*");
        }
    }

    /** Where there is no actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnMissingClass(MANAGEMENT)
    static class InApplication {
        @Bean
        ServletRegistrationBean<ConsoleServlet> meshConsoleServlet(Console console, ConsoleSettings settings) {
            return ConsoleRegistration.of(console, settings);
        }
    }

    /** Says that there is nowhere to show it, instead of accepting the property in silence. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = MANAGEMENT)
    @ConditionalOnProperty(name = "management.server.port", havingValue = "-1")
    static class WithoutManagement {
        @Bean
        static BeanFactoryPostProcessor meshConsoleNeedsManagement(ConfigurableEnvironment environment) {
            return beanFactory -> ConsoleSettings.refuse(
                    environment,
                    "is true, but management.server.port=-1 switches off what the console belongs to",
                    "give management.server.port another value, or leave the console away");
        }
    }

    /** The same. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(WithoutServlets.class)
    static class Refusal {
        @Bean
        static BeanFactoryPostProcessor meshConsoleNeedsServlets(ConfigurableEnvironment environment) {
            return beanFactory -> ConsoleSettings.refuse(
                    environment,
                    "is true, but this is no web application with servlets",
                    "the console needs a servlet container so far; leave it away here, or add"
                            + " org.springframework.boot:spring-boot-starter-tomcat");
        }
    }

    /** Whether the application has no servlets. */
    static final class WithoutServlets extends NoneNestedConditions {
        WithoutServlets() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        static class WithServlets {}
    }
}
