package io.inmesh.spring.boot.gateway;

import java.security.KeyStore;
import java.util.List;
import java.util.function.Supplier;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Makes Tomcat's connectors of ports, new ones for each server. */
public final class TomcatPorts implements Supplier<List<Connector>> {
    private final List<FurtherPort> ports;

    /** Makes the supplier. */
    public TomcatPorts(List<FurtherPort> ports) {
        this.ports = List.copyOf(ports);
    }

    @Override
    public List<Connector> get() {
        return ports.stream().map(TomcatPorts::connector).toList();
    }

    private static Connector connector(FurtherPort port) {
        Connector connector = new Connector();
        connector.setPort(port.number());
        // Spring Boot binds ports when the application is ready, not before.
        connector.setProperty("bindOnInit", "false");
        FurtherPort.Tls tls = port.tls();
        if (tls != null) {
            connector.setScheme("https");
            connector.setSecure(true);
            AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
            protocol.setSSLEnabled(true);
            protocol.addSslHostConfig(certificates(protocol, tls.bundle(), tls.clients()));
            tls.onRenewal(renewed -> protocol.addSslHostConfig(certificates(protocol, renewed, tls.clients()), true));
        }
        return connector;
    }

    private static SSLHostConfig certificates(
            AbstractHttp11Protocol<?> protocol, SslBundle bundle, ClientCertificates clients) {
        SSLHostConfig config = new SSLHostConfig();
        config.setHostName(protocol.getDefaultSSLHostConfigName());
        config.setSslProtocol(bundle.getProtocol());
        config.setCertificateVerification(
                switch (clients) {
                    case NONE -> "none";
                    case ASKED -> "optional";
                    case NEEDED -> "required";
                });
        KeyStore trusted = bundle.getStores().getTrustStore();
        if (trusted != null) {
            config.setTrustStore(trusted);
        }
        SslOptions options = bundle.getOptions();
        String[] ciphers = options.getCiphers();
        if (ciphers != null) {
            config.setCiphers(String.join(":", ciphers));
        }
        String[] protocols = options.getEnabledProtocols();
        if (protocols != null) {
            config.setProtocols(String.join("+", protocols));
        }
        config.addCertificate(certificate(config, bundle));
        return config;
    }

    private static SSLHostConfigCertificate certificate(SSLHostConfig config, SslBundle bundle) {
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(config, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystore(bundle.getStores().getKeyStore());
        certificate.setCertificateKeystorePassword(orEmpty(bundle.getStores().getKeyStorePassword()));
        String password = bundle.getKey().getPassword();
        if (password != null) {
            certificate.setCertificateKeyPassword(password);
        }
        String alias = bundle.getKey().getAlias();
        if (alias != null) {
            certificate.setCertificateKeyAlias(alias);
        }
        return certificate;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
