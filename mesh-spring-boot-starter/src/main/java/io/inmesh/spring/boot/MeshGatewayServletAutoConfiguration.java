package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.observe.InboundObserver;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.spring.boot.gateway.JettyPorts;
import io.inmesh.spring.boot.gateway.TomcatPorts;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.catalina.connector.Connector;
import org.eclipse.jetty.server.Server;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.filter.FormContentFilter;

/** Answers by the Gateways of the mesh's rules, at the container's own port and at those that it opens beside. */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration",
            "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration"
        })
@ConditionalOnProperty(name = MeshGatewayServletAutoConfiguration.ENABLED, havingValue = "true")
@ConditionalOnBean(Mesh.class)
public final class MeshGatewayServletAutoConfiguration {
    static final String ENABLED = "mesh.gateway.enabled";

    /** Makes the configuration. */
    public MeshGatewayServletAutoConfiguration() {}

    private static PropertyProblems problems(ConfigurableEnvironment environment) {
        return new PropertyProblems(
                PropertyCheck.run(environment, MeshProperties.class).places());
    }

    /** Where there are servlets. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class Servlets {
        @Bean
        GatewayPorts meshGatewayPorts(
                MeshProperties properties, ConfigurableEnvironment environment, ObjectProvider<SslBundles> bundles) {
            PropertyProblems problems = problems(environment);
            GatewayCheck check = new GatewayCheck(problems);
            check.settings(properties.gateway());
            List<RateLimit> unused = RateLimitCheck.ofGateway(problems)
                    .limits(properties.gateway().rateLimits());
            GatewayForwardedHeaders.check(environment, problems);
            GatewayPorts ports = check.ports(properties.gateway(), environment, bundles.getIfAvailable());
            if (!problems.errors().isEmpty()) {
                throw new MeshPropertiesException(problems.errors());
            }
            return ports;
        }

        @Bean
        ServletRegistrationBean<HttpServlet> meshGateway(
                Mesh mesh,
                MeshProperties properties,
                GatewayPorts ports,
                ConfigurableEnvironment environment,
                ObjectProvider<InboundObserver> observers) {
            GatewayProperties gateway = properties.gateway();
            List<RateLimit> limits =
                    RateLimitCheck.ofGateway(problems(environment)).limits(gateway.rateLimits());
            ServletRegistrationBean<HttpServlet> registration = new ServletRegistrationBean<>(
                    new GatewayServlets(
                                    mesh,
                                    gateway,
                                    ports,
                                    limits,
                                    observers.orderedStream().toList())
                            .servlet(environment),
                    GatewayPaths.ALL);
            registration.setName(GatewayPaths.GATEWAY);
            return registration;
        }

        @Bean
        GatewayPaths meshGatewayPaths(ServletContext servlets, ConfigurableEnvironment environment) {
            return new GatewayPaths(servlets, problems(environment));
        }

        /** Spring MVC's filter reads bodies that hold forms, and is left to Spring MVC's own path. */
        @Bean
        @ConditionalOnBean(FormContentFilter.class)
        FilterRegistrationBean<FormContentFilter> meshGatewayForms(FormContentFilter filter, Environment environment) {
            FilterRegistrationBean<FormContentFilter> registration = new FilterRegistrationBean<>(filter);
            String path = environment.getProperty("spring.mvc.servlet.path");
            registration.setEnabled(StringUtils.hasText(path));
            registration.addUrlPatterns(path + GatewayPaths.ALL);
            return registration;
        }

        /** By names, as the rooms of both lines of Spring Boot ask for them. */
        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(name = "org.apache.catalina.connector.Connector")
        static class Tomcat {
            @Bean
            Supplier<List<Connector>> meshGatewayTomcatPorts(GatewayPorts ports) {
                return new TomcatPorts(ports.further());
            }
        }

        /** The same. */
        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(name = "org.eclipse.jetty.server.Server")
        static class Jetty {
            @Bean
            Consumer<Server> meshGatewayJettyPorts(GatewayPorts ports) {
                return new JettyPorts(ports.further());
            }
        }
    }

    /** Refuses to leave the gateway away where it is asked for. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(WithoutServlets.class)
    static class Refusal {
        @Bean
        static BeanFactoryPostProcessor meshGatewayNeedsServlets(ConfigurableEnvironment environment) {
            return beanFactory -> {
                PropertyProblems problems = problems(environment);
                problems.error(
                        ENABLED,
                        "is true, but this is no web application with servlets",
                        "add the dependency org.springframework.boot:spring-boot-starter-tomcat or -jetty, and have"
                                + " neither WebFlux alone nor spring.main.web-application-type say otherwise");
                throw new MeshPropertiesException(problems.errors());
            };
        }
    }

    static final class WithoutServlets extends NoneNestedConditions {
        WithoutServlets() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        static class WithServlets {}
    }
}
