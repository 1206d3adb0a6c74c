package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.PropagationPolicy;
import io.inmesh.spring.boot.inbound.CarryingExecutors;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/** Has the calls of an application carry what the requests came in with that they are made for. */
@AutoConfiguration(after = MeshAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnProperty(name = "mesh.inbound.enabled", havingValue = "true", matchIfMissing = true)
@ConditionalOnBean(Mesh.class)
@ImportRuntimeHints(CarryingExecutors.Hints.class)
public final class MeshInboundAutoConfiguration {
    /** After the filters that say what client and encoding a request has, before all that may make calls. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    private static final String HEADERS = "mesh.inbound.headers";

    /** Makes the configuration. */
    public MeshInboundAutoConfiguration() {}

    @Bean
    static FilterRegistrationBean<Filter> meshInbound(MeshProperties properties, ConfigurableEnvironment environment) {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(MeshServletFilter.builder()
                .policy(policy(properties.inbound(), environment))
                .build());
        registration.setName("meshInbound");
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        registration.setOrder(ORDER);
        return registration;
    }

    private static PropagationPolicy policy(MeshProperties.Inbound inbound, ConfigurableEnvironment environment) {
        PropertyProblems problems = new PropertyProblems(
                PropertyCheck.run(environment, MeshProperties.class).places());
        for (int i = 0; i < inbound.headers().size(); i++) {
            try {
                PropagationPolicy unused = PropagationPolicy.builder()
                        .headers(List.of(inbound.headers().get(i)))
                        .build();
            } catch (IllegalArgumentException e) {
                problems.error(
                        HEADERS + "[" + i + "]",
                        String.valueOf(e.getMessage()),
                        "write names of headers such as end-user");
            }
        }
        if (!problems.errors().isEmpty()) {
            throw new MeshPropertiesException(problems.errors());
        }
        return PropagationPolicy.builder()
                .headers(inbound.headers())
                .trustDeadline(inbound.trustDeadline())
                .build();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static CarryingExecutors meshCarryingExecutors() {
        return new CarryingExecutors();
    }
}
