package io.inmesh.spring.boot;

import io.inmesh.model.PathNormalization;
import io.inmesh.spring.boot.gateway.ClientCertificates;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Everything under {@code mesh.gateway.}. Binding only.
 *
 * @param enabled Whether the application answers by the Gateways of its rules, on all its paths.
 * @param ports Ports of the container, with the 'port.number' of the Gateway servers that answer there. Those beside
 *     'server.port' are opened. A port that is not here stands for itself.
 * @param tls TLS of the ports that are opened; that of 'server.port' is set by 'server.ssl'.
 * @param trustedHops How many proxies before the gateway are trusted to tell the truth in X-Forwarded headers.
 * @param pathNormalization Form that paths are brought to before anything looks at them.
 * @param strictPaths Whether paths that a container, a rule and a service could read in different ways are refused.
 * @param removePathParameters Whether parameters of path segments, such as ';jsessionid=1', are cut off; strict paths have
 *     none otherwise.
 * @param serverHeader Header 'Server' of all answers; 'none' removes it. Defaults to that of the service.
 * @param maxBodySize Largest body of a request. Defaults to no limit, since bodies are streamed.
 * @param retryBodySize How much of the beginning of a request's body is kept until the answer begins, so that a call can
 *     be made again.
 * @param idleTimeout How long a service may neither send nor take anything before its call is ended.
 * @param maxCalls Most requests at a time; more are answered with 503.
 * @param rateLimits Limits of requests in a time, in order; the first that is used up answers with 429.
 * @param responseFlags Whether answers that the gateway gives by itself tell why, in 'x-inmesh-response-flags'.
 */
public record GatewayProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue Map<String, Integer> ports,
        @DefaultValue Map<String, Tls> tls,
        @DefaultValue("0") int trustedHops,
        @DefaultValue("merge-slashes") PathNormalization pathNormalization,
        @DefaultValue("true") boolean strictPaths,
        @DefaultValue("false") boolean removePathParameters,
        @Nullable String serverHeader,
        @Nullable DataSize maxBodySize,
        @DefaultValue("64KB") DataSize retryBodySize,
        @DefaultValue("5m") Duration idleTimeout,
        @DefaultValue("10000") int maxCalls,
        @DefaultValue List<RateLimitProperties> rateLimits,
        @DefaultValue("false") boolean responseFlags) {

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
