package io.inmesh.spring.boot.three;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.eclipse.jetty.server.Server;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Gives the ports of the Gateways to the container on Spring Boot 3, with the settings of the container's own port, and
 * leaves X-Forwarded headers to the gateway. Not loaded where Spring Boot is newer, whose containers have other names.
 */
@AutoConfiguration(afterName = "io.inmesh.spring.boot.MeshGatewayServletAutoConfiguration")
public final class MeshGatewayPortsAutoConfiguration {
    /** Makes the configuration. */
    public MeshGatewayPortsAutoConfiguration() {}

    /** For Tomcat. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory",
                "org.apache.catalina.connector.Connector"
            })
    @ConditionalOnBean(name = "meshGatewayTomcatPorts")
    static class Tomcat {
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> meshGatewayTomcat(
                @Qualifier("meshGatewayTomcatPorts") Supplier<List<Connector>> ports) {
            return factory -> {
                factory.setEngineValves(factory.getEngineValves().stream()
                        .filter(valve -> !(valve instanceof RemoteIpValve))
                        .toList());
                for (Connector port : ports.get()) {
                    settings(factory, port);
                    factory.addAdditionalTomcatConnectors(port);
                }
            };
        }

        private static void settings(TomcatServletWebServerFactory factory, Connector port) {
            ProtocolHandler handler = port.getProtocolHandler();
            if (handler instanceof AbstractProtocol<?> protocol && factory.getAddress() != null) {
                protocol.setAddress(factory.getAddress());
            }
            for (TomcatProtocolHandlerCustomizer<?> each : factory.getTomcatProtocolHandlerCustomizers()) {
                customize(each, handler);
            }
            factory.getTomcatConnectorCustomizers().forEach(each -> each.customize(port));
        }

        @SuppressWarnings("unchecked")
        private static void customize(TomcatProtocolHandlerCustomizer<?> customizer, ProtocolHandler handler) {
            ((TomcatProtocolHandlerCustomizer<ProtocolHandler>) customizer).customize(handler);
        }
    }

    /** For Jetty. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory",
                "org.eclipse.jetty.server.Server"
            })
    @ConditionalOnBean(name = "meshGatewayJettyPorts")
    static class Jetty {
        @Bean
        WebServerFactoryCustomizer<JettyServletWebServerFactory> meshGatewayJetty(
                @Qualifier("meshGatewayJettyPorts") Consumer<Server> ports) {
            return factory -> {
                factory.setUseForwardHeaders(false);
                factory.addServerCustomizers(ports::accept);
            };
        }
    }
}
