package io.inmesh.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One port of a {@link Gateway} with the hosts that it takes (Istio: Server).
 *
 * @param port {@code port.number}, 1 to 65535
 * @param protocol {@code port.protocol}
 * @param hosts not empty
 * @param portName {@code port.name}, empty when not given
 * @param name empty when not named
 * @param tls null when not given
 * @param bind address that it listens at, empty for every one
 * @param refused whether it has a field that is not executed and without which no request may be taken
 * @param origin place of the server
 */
public record GatewayServer(
        int port,
        Protocol protocol,
        List<GatewayHost> hosts,
        String portName,
        String name,
        @Nullable ServerTlsSettings tls,
        String bind,
        boolean refused,
        Origin origin) {
    public GatewayServer {
        hosts = List.copyOf(hosts);
    }

    /** What the port speaks. Only requests of HTTP are routed. */
    public enum Protocol {
        /** HTTP without TLS. */
        HTTP,
        /** HTTP under TLS. */
        HTTPS,
        /** HTTP/2 without TLS, which a gateway treats as {@link #HTTP}. */
        HTTP2,
        /** gRPC without TLS, which a gateway treats as {@link #HTTP}. */
        GRPC,
        /** gRPC-Web without TLS, which a gateway treats as {@link #HTTP}. */
        GRPC_WEB,
        /** Any bytes. */
        TCP,
        /** TLS that is not known to hold HTTP. */
        TLS;

        /** Whether requests can be routed: those of HTTP, with or without TLS. */
        public boolean isHttp() {
            return this != TCP && this != TLS;
        }
    }

    /**
     * Whether its requests are routed: they are HTTP, TLS ends here where there is any, and nothing forbids it. Requests for
     * the hosts of another server find no route on its port.
     */
    public boolean takesRequests() {
        boolean tlsEnds =
                protocol != Protocol.HTTPS || (tls != null && tls.mode().endsHere());
        return !refused && protocol.isHttp() && tlsEnds;
    }

    /** Whether requests without TLS are answered with a redirect to https. */
    public boolean httpsRedirect() {
        return tls != null && tls.httpsRedirect();
    }

    /** Starts one of which only this is given. */
    public static Builder builder(int port, Protocol protocol, List<GatewayHost> hosts) {
        return new Builder(port, protocol, hosts);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(port, protocol, hosts)
                .portName(portName)
                .name(name)
                .tls(tls)
                .bind(bind)
                .refused(refused)
                .origin(origin);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private final int port;
        private final Protocol protocol;
        private final List<GatewayHost> hosts;
        private String portName = "";
        private String name = "";
        private @Nullable ServerTlsSettings tls;
        private String bind = "";
        private boolean refused;
        private Origin origin = Origin.NONE;

        private Builder(int port, Protocol protocol, List<GatewayHost> hosts) {
            this.port = port;
            this.protocol = protocol;
            this.hosts = hosts;
        }

        /** {@code port.name}, empty when not given. */
        public Builder portName(String newPortName) {
            portName = newPortName;
            return this;
        }

        /** Empty when not named. */
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        /** Null when not given. */
        public Builder tls(@Nullable ServerTlsSettings newTls) {
            tls = newTls;
            return this;
        }

        /** Address that it listens at, empty for every one. */
        public Builder bind(String newBind) {
            bind = newBind;
            return this;
        }

        /** Whether it has a field that is not executed and without which no request may be taken. */
        public Builder refused(boolean newRefused) {
            refused = newRefused;
            return this;
        }

        /** Place of the server. */
        public Builder origin(Origin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** The gateway server. */
        public GatewayServer build() {
            return new GatewayServer(port, protocol, hosts, portName, name, tls, bind, refused, origin);
        }
    }
}
