package io.inmesh.servlet.testing;

import okhttp3.tls.HeldCertificate;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** Jetty with the settings that it has by itself. */
final class JettyContainer extends ServletContainer {
    private final Server server;
    private final ServerConnector connector;

    private JettyContainer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    static ServletContainer start(ContainerSettings settings) throws Exception {
        Server server = new Server(
                settings.virtualThreads ? new VirtualThreadPool() : new QueuedThreadPool(settings.threads, 1));
        ServerConnector connector = connector(server, settings);
        connector.setHost("127.0.0.1");
        if (settings.patience != null) {
            connector.setIdleTimeout(settings.patience.toMillis());
        }
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServletContainerInitializer(settings.initializer());
        ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
        settings.errorPages.forEach(pages::addErrorPage);
        context.setErrorHandler(pages);
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            server.stop();
            throw e;
        }
        return new JettyContainer(server, connector);
    }

    private static ServerConnector connector(Server server, ContainerSettings settings) throws Exception {
        HeldCertificate held = settings.server;
        if (held == null) {
            HttpConfiguration plain = new HttpConfiguration();
            return settings.http2
                    ? new ServerConnector(
                            server, 1, 1, new HttpConnectionFactory(plain), new HTTP2CServerConnectionFactory(plain))
                    : new ServerConnector(server, 1, 1);
        }
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(ContainerSettings.keyStore(held));
        tls.setKeyStorePassword(new String(ContainerSettings.PASSWORD));
        if (!settings.clientAuthorities.isEmpty()) {
            tls.setTrustStore(settings.trustStore());
            tls.setWantClientAuth(true);
        }
        return new ServerConnector(
                server,
                null,
                null,
                null,
                1,
                1,
                AbstractConnectionFactory.getFactories(tls, new HttpConnectionFactory(http)));
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    void stop() throws Exception {
        server.stop();
    }
}
