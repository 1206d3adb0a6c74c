package io.inmesh.observe;

/**
 * The connection that a request came in on.
 *
 * @param remoteAddress IP address of the other end, that of the nearest proxy where there is one; empty when not known
 * @param remotePort 0 when not known
 * @param localAddress IP address of this end; empty when not known
 * @param localPort 0 when not known
 * @param secure whether it came in with TLS
 */
public record InboundConnection(
        String remoteAddress, int remotePort, String localAddress, int localPort, boolean secure) {}
