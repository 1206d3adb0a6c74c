package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.BeanWrapper;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.client.MeshTransport;
import io.inmesh.spring.boot.client.ProxyTransport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctionDefinition;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/** Carries the routes of Spring Cloud Gateway on Web MVC, whose RestClient the mesh carries already. */
@AutoConfiguration(after = MeshHttpClientAutoConfiguration.class)
@ConditionalOnClass(
        name = {
            "org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange",
            "org.springframework.web.servlet.DispatcherServlet"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(MeshTransport.class)
public final class MeshGatewayMvcAutoConfiguration {
    private static final String LOAD_BALANCER =
            "org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory";

    /** Makes the configuration. */
    public MeshGatewayMvcAutoConfiguration() {}

    @Bean
    static BeanWrapper meshProxyExchanges(ObjectProvider<MeshTransport> transport) {
        Supplier<ProxyTransport> proxy = proxy(transport);
        return BeanWrapper.ofType(
                ProxyExchange.class,
                bean -> bean instanceof MeshProxyExchange ? bean : new MeshProxyExchange(proxy, (ProxyExchange) bean));
    }

    private static Supplier<ProxyTransport> proxy(ObjectProvider<MeshTransport> transport) {
        return SingletonSupplier.of(() -> new ProxyTransport(transport.getObject()));
    }

    /** For applications with Spring Cloud LoadBalancer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = LOAD_BALANCER)
    static class WithLoadBalancer {
        @Bean
        static BeanWrapper meshRouteLoadBalancers(ObjectProvider<MeshTransport> transport) {
            Supplier<ProxyTransport> proxy = proxy(transport);
            return BeanWrapper.ofType(
                    LoadBalancerClient.class,
                    bean -> bean instanceof MeshRouteLoadBalancer
                            ? bean
                            : new MeshRouteLoadBalancer(proxy, (LoadBalancerClient) bean));
        }
    }

    /** For applications without, where the gateway knows no {@code lb:} and would not start with such a route. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass(LOAD_BALANCER)
    @ConditionalOnClass(HandlerFunctionDefinition.class)
    static class WithoutLoadBalancer {
        /** The gateway asks for a bean that is named by the scheme of a route. */
        @Bean
        @ConditionalOnMissingBean(name = "lbHandlerFunctionDefinition")
        Function<RouteProperties, HandlerFunctionDefinition> lbHandlerFunctionDefinition(
                ObjectProvider<MeshTransport> transport) {
            return new MeshNamedRoutes(proxy(transport));
        }
    }
}
