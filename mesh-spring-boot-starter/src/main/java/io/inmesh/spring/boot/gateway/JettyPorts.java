package io.inmesh.spring.boot.gateway;

import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;

/** Gives ports to a Jetty server whose own connector is there, with the settings of that one. */
public final class JettyPorts implements Consumer<Server> {
    private static final Logger LOG = LoggerFactory.getLogger(JettyPorts.class);
    private static final String HTTP_1_1 = "http/1.1";

    private final List<FurtherPort> ports;

    /** Makes the consumer. */
    public JettyPorts(List<FurtherPort> ports) {
        this.ports = List.copyOf(ports);
    }

    @Override
    public void accept(Server server) {
        for (FurtherPort port : ports) {
            server.addConnector(connector(server, port));
        }
    }

    private static ServerConnector connector(Server server, FurtherPort port) {
        ServerConnector own = (ServerConnector) server.getConnectors()[0];
        HttpConfiguration settings = new HttpConfiguration(
                own.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration());
        settings.getCustomizers().removeIf(SecureRequestCustomizer.class::isInstance);
        FurtherPort.Tls tls = port.tls();
        ServerConnector connector;
        if (tls == null) {
            connector = new ServerConnector(server, new HttpConnectionFactory(settings));
        } else {
            // Which hosts there are is said by the rules, not by the certificate.
            settings.addCustomizer(new SecureRequestCustomizer(false));
            settings.setSecurePort(port.number());
            connector = new ServerConnector(
                    server, new SslConnectionFactory(certificates(tls), HTTP_1_1), new HttpConnectionFactory(settings));
        }
        connector.setHost(own.getHost());
        connector.setPort(port.number());
        connector.setIdleTimeout(own.getIdleTimeout());
        connector.setAcceptQueueSize(own.getAcceptQueueSize());
        return connector;
    }

    private static SslContextFactory.Server certificates(FurtherPort.Tls tls) {
        SslContextFactory.Server context = new SslContextFactory.Server();
        fill(context, tls.bundle(), tls.clients());
        tls.onRenewal(renewed -> {
            try {
                context.reload(factory -> fill((SslContextFactory.Server) factory, renewed, tls.clients()));
            } catch (Exception unusable) {
                LOG.error("The renewed SSL bundle {} cannot be used; the one before it stays", tls.name(), unusable);
            }
        });
        return context;
    }

    private static void fill(SslContextFactory.Server context, SslBundle bundle, ClientCertificates clients) {
        context.setProtocol(bundle.getProtocol());
        context.setKeyStore(bundle.getStores().getKeyStore());
        String storePassword = bundle.getStores().getKeyStorePassword();
        if (storePassword != null) {
            context.setKeyStorePassword(storePassword);
        }
        String password = bundle.getKey().getPassword();
        if (password != null) {
            context.setKeyManagerPassword(password);
        }
        context.setCertAlias(bundle.getKey().getAlias());
        context.setTrustStore(bundle.getStores().getTrustStore());
        context.setWantClientAuth(clients == ClientCertificates.ASKED);
        context.setNeedClientAuth(clients == ClientCertificates.NEEDED);
        String[] ciphers = bundle.getOptions().getCiphers();
        if (ciphers != null) {
            context.setIncludeCipherSuites(ciphers);
            context.setExcludeCipherSuites();
        }
        String[] protocols = bundle.getOptions().getEnabledProtocols();
        if (protocols != null) {
            context.setIncludeProtocols(protocols);
            context.setExcludeProtocols();
        }
    }
}
