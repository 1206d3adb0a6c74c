package io.inmesh.servlet.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardVirtualThreadExecutor;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Tomcat with the settings that it has by itself. */
final class TomcatContainer extends ServletContainer {
    private final Tomcat tomcat;
    private final Path directory;

    private TomcatContainer(Tomcat tomcat, Path directory) {
        this.tomcat = tomcat;
        this.directory = directory;
    }

    static ServletContainer start(ContainerSettings settings) throws Exception {
        Path directory = Files.createTempDirectory("tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setSilent(true);
        tomcat.setBaseDir(directory.toString());
        tomcat.setConnector(connector(tomcat, settings));
        Context context = tomcat.addContext("", directory.toString());
        context.addServletContainerInitializer(settings.initializer(), Set.of());
        settings.errorPages.forEach((status, path) -> {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation(path);
            context.addErrorPage(page);
        });
        TomcatContainer container = new TomcatContainer(tomcat, directory);
        try {
            tomcat.start();
            if (!context.getState().isAvailable()) {
                throw new IllegalStateException("Tomcat's context did not start: see the test's output");
            }
        } catch (Exception e) {
            container.close();
            throw e;
        }
        return container;
    }

    private static Connector connector(Tomcat tomcat, ContainerSettings settings) throws Exception {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setThrowOnFailure(true);
        AbstractProtocol<?> protocol = (AbstractProtocol<?>) connector.getProtocolHandler();
        connector.setProperty("address", "127.0.0.1");
        if (settings.patience != null) {
            protocol.setConnectionTimeout((int) settings.patience.toMillis());
        }
        if (settings.virtualThreads) {
            StandardVirtualThreadExecutor executor = new StandardVirtualThreadExecutor();
            executor.setName("virtual");
            tomcat.getService().addExecutor(executor);
            protocol.setExecutor(executor);
        } else {
            protocol.setMaxThreads(settings.threads);
            protocol.setMinSpareThreads(1);
        }
        if (settings.http2) {
            connector.addUpgradeProtocol(new Http2Protocol());
        }
        HeldCertificate server = settings.server;
        if (server != null) {
            secure(connector, server, settings);
        }
        return connector;
    }

    private static void secure(Connector connector, HeldCertificate server, ContainerSettings settings)
            throws Exception {
        connector.setScheme("https");
        connector.setSecure(true);
        ((AbstractHttp11Protocol<?>) connector.getProtocolHandler()).setSSLEnabled(true);
        SSLHostConfig config = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(config, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystore(ContainerSettings.keyStore(server));
        certificate.setCertificateKeystorePassword(new String(ContainerSettings.PASSWORD));
        config.addCertificate(certificate);
        if (!settings.clientAuthorities.isEmpty()) {
            config.setTrustStore(settings.trustStore());
            config.setCertificateVerification("optional");
        }
        connector.addSslHostConfig(config);
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    void stop() throws LifecycleException, IOException {
        tomcat.stop();
        tomcat.destroy();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
