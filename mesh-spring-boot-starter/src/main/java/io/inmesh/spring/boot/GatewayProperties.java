package io.inmesh.spring.boot;

import io.inmesh.spring.boot.gateway.ClientCertificates;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code mesh.gateway.}. Binding only.
 *
 * @param enabled Whether the application answers by the Gateways of its rules, on all its paths.
 * @param ports Ports of the container, with the 'port.number' of the Gateway servers that answer there. Those beside
 *     'server.port' are opened. A port that is not here stands for itself.
 * @param tls TLS of the ports that are opened; that of 'server.port' is set by 'server.ssl'.
 */
public record GatewayProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue Map<String, Integer> ports,
        @DefaultValue Map<String, Tls> tls) {

    /**
     * TLS of a port.
     *
     * @param bundle Name of the SSL bundle with the certificate and its key, and with whom to trust where clients show
     *     certificates.
     * @param clientCertificates Whether clients are asked for a certificate: 'none', 'asked' or 'needed'.
     */
    public record Tls(
            @Nullable String bundle, @DefaultValue("none") ClientCertificates clientCertificates) {}
}
