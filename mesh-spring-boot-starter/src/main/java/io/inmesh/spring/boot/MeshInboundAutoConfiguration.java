package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.observe.InboundObserver;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.PropagationPolicy;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.spring.boot.inbound.CarryingExecutors;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Judges the requests that come in to an application by the policies among its rules, and has the calls that are made for one
 * carry what it came with.
 */
@AutoConfiguration(after = MeshAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnProperty(name = "mesh.inbound.enabled", havingValue = "true", matchIfMissing = true)
@ConditionalOnBean(Mesh.class)
@ImportRuntimeHints(CarryingExecutors.Hints.class)
public final class MeshInboundAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(MeshInboundAutoConfiguration.class);

    /** Told where policies are read and nothing judges by them. */
    static final String OWN_FILTER =
            "The application's own MeshServletFilter judges by no policies, so those among the rules"
                    + " let everything in; build it with policies(mesh), or set mesh.inbound.policies=false where something else judges";

    /** After the filters that say what client and encoding a request has, before all that may make calls. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    /** Makes the configuration. */
    public MeshInboundAutoConfiguration() {}

    /** A gateway judges by itself, and would find that the filter has taken the token away. */
    @Bean
    static JudgedRequests meshJudgedRequests(MeshProperties properties) {
        return new JudgedRequests(
                properties.inbound().policies() && !properties.gateway().enabled());
    }

    /** A filter of the application's own stands in the place of this one. */
    @Bean
    @ConditionalOnMissingBean(value = MeshServletFilter.class, parameterizedContainer = FilterRegistrationBean.class)
    static FilterRegistrationBean<Filter> meshInbound(
            MeshProperties properties,
            JudgedRequests judged,
            ConfigurableEnvironment environment,
            Mesh mesh,
            ObjectProvider<InboundObserver> observers) {
        MeshServletFilter.Builder filter = filter(properties, judged, environment, mesh);
        observers.orderedStream().forEach(filter::observer);
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter.build());
        registration.setName("meshInbound");
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        registration.setOrder(ORDER);
        return registration;
    }

    /** Tells when the filter that stands in the place of this one leaves policies aside. */
    @Bean
    static SmartInitializingSingleton meshPoliciesOfOwnFilter(
            JudgedRequests judged,
            Mesh mesh,
            ObjectProvider<MeshServletFilter> filters,
            ObjectProvider<FilterRegistrationBean<?>> registrations) {
        return () -> {
            if (!judged.byPolicies() || mesh.inboundPolicy().isEmpty()) {
                return;
            }
            List<MeshServletFilter> own = Stream.concat(
                            filters.stream(), registrations.stream().map(FilterRegistrationBean::getFilter))
                    .filter(MeshServletFilter.class::isInstance)
                    .map(MeshServletFilter.class::cast)
                    .toList();
            if (own.stream().noneMatch(MeshServletFilter::judgesByPolicies)) {
                LOG.warn(OWN_FILTER);
            }
        };
    }

    private static MeshServletFilter.Builder filter(
            MeshProperties properties, JudgedRequests judged, ConfigurableEnvironment environment, Mesh mesh) {
        InboundProperties inbound = properties.inbound();
        PropertyProblems problems = new PropertyProblems(
                PropertyCheck.run(environment, MeshProperties.class).places());
        InboundCheck check = new InboundCheck(problems);
        check.headers(inbound.headers());
        check.trustedHops(inbound.trustedHops());
        List<RateLimit> limits = check.limits(inbound, properties.gateway().enabled());
        if (!problems.errors().isEmpty()) {
            throw new MeshPropertiesException(problems.errors());
        }
        MeshServletFilter.Builder filter = MeshServletFilter.builder()
                .policy(PropagationPolicy.builder()
                        .headers(inbound.headers())
                        .trustDeadline(inbound.trustDeadline())
                        .build())
                .pathPolicy(new PathPolicy(
                        inbound.pathNormalization(), inbound.strictPaths(), inbound.removePathParameters()))
                .trustedHops(inbound.trustedHops());
        boolean judgesAddresses = limits.stream().anyMatch(limit -> limit.keys().contains(RateLimit.Key.CLIENT));
        if (judged.byPolicies()) {
            filter.policies(mesh);
            judgesAddresses |= !mesh.inboundPolicy().authorizations().isEmpty();
        }
        if (judgesAddresses && ForwardedAddresses.believed(environment)) {
            LOG.warn(ForwardedAddresses.ADVICE);
        }
        limits.forEach(filter::rateLimit);
        return filter;
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static CarryingExecutors meshCarryingExecutors() {
        return new CarryingExecutors();
    }
}
