package io.inmesh.spring.boot.three;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.coyote.AbstractProtocol;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizerBeanPostProcessor;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.server.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Ports beside the container's own on the oldest supported Spring Boot, whose Tomcat is 10.1 and whose Jetty is 12.0. */
class MeshGatewayPortsAutoConfigurationTest {
    private final WebApplicationContextRunner runner = new WebApplicationContextRunner(
                    AnnotationConfigServletWebServerApplicationContext::new)
            .withConfiguration(AutoConfigurations.of(MeshGatewayPortsAutoConfiguration.class))
            .withUserConfiguration(Basics.class);

    @Configuration(proxyBeanMethods = false)
    static class Basics {
        @Bean
        static BeanPostProcessor customizers() {
            return new WebServerFactoryCustomizerBeanPostProcessor();
        }

        @Bean
        ServletRegistrationBean<?> tellPort() {
            return new ServletRegistrationBean<>(new PortTeller(), "/*");
        }
    }

    private static final class PortTeller extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().write(request.getLocalPort() + " " + request.getScheme());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OnTomcat {
        private final List<Connector> opened = new CopyOnWriteArrayList<>();

        @Bean
        TomcatServletWebServerFactory container() throws IOException {
            TomcatServletWebServerFactory factory = onLoopback(new TomcatServletWebServerFactory(0));
            factory.addEngineValves(new RemoteIpValve());
            factory.addConnectorCustomizers(connector -> connector.setMaxPostSize(17));
            factory.addProtocolHandlerCustomizers(handler -> ((AbstractProtocol<?>) handler).setMaxThreads(19));
            return factory;
        }

        @Bean
        Supplier<List<Connector>> meshGatewayTomcatPorts() {
            return () -> {
                Connector connector = new Connector();
                connector.setPort(0);
                opened.add(connector);
                return List.of(connector);
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OnJetty {
        private final List<ServerConnector> opened = new CopyOnWriteArrayList<>();

        @Bean
        JettyServletWebServerFactory container() throws IOException {
            return onLoopback(new JettyServletWebServerFactory(0));
        }

        @Bean
        WebServerFactoryCustomizer<JettyServletWebServerFactory> asInACluster() {
            return factory -> factory.setUseForwardHeaders(true);
        }

        @Bean
        Consumer<Server> meshGatewayJettyPorts() {
            return server -> {
                HttpConnectionFactory own = server.getConnectors()[0].getConnectionFactory(HttpConnectionFactory.class);
                ServerConnector connector =
                        new ServerConnector(server, new HttpConnectionFactory(own.getHttpConfiguration()));
                connector.setHost("127.0.0.1");
                server.addConnector(connector);
                opened.add(connector);
            };
        }
    }

    private static <T extends ConfigurableServletWebServerFactory> T onLoopback(T factory) throws IOException {
        factory.setAddress(InetAddress.getLoopbackAddress());
        return factory;
    }

    @Test
    void tomcatOpensThemWithTheSettingsOfItsOwn() {
        runner.withUserConfiguration(OnTomcat.class).run(context -> {
            Connector opened = context.getBean(OnTomcat.class).opened.get(0);

            assertThat(tell(opened.getLocalPort())).isEqualTo(opened.getLocalPort() + " http");
            assertThat(opened.getMaxPostSize()).isEqualTo(17);
            AbstractProtocol<?> protocol = (AbstractProtocol<?>) opened.getProtocolHandler();
            assertThat(protocol.getMaxThreads()).isEqualTo(19);
            assertThat(protocol.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
            assertThat(context.getBean(TomcatServletWebServerFactory.class).getEngineValves())
                    .isEmpty();
        });
    }

    @Test
    void jettyOpensThem() {
        runner.withUserConfiguration(OnJetty.class).run(context -> {
            int port = context.getBean(OnJetty.class).opened.get(0).getLocalPort();

            assertThat(tell(port)).isEqualTo(port + " http");
        });
    }

    @Test
    void doesNothingWhereThereIsNoGateway() {
        runner.withBean(TomcatServletWebServerFactory.class, () -> new TomcatServletWebServerFactory(0))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(WebServerFactoryCustomizer.class));
    }

    private static String tell(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .header("X-Forwarded-Proto", "https")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
