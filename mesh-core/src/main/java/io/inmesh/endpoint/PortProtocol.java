package io.inmesh.endpoint;

import java.util.Locale;

/** What a Service's port speaks, as Istio tells it (istio: pkg/config/kube/conversion.go). */
public final class PortProtocol {
    private static final String GRPC_WEB = "grpc-web";

    private PortProtocol() {}

    /**
     * In the words of a ServiceEntry's port, empty for a port whose protocol follows the caller.
     *
     * @param port number of the port
     * @param name of the port, empty for none
     * @param transport {@code TCP}, {@code UDP} or {@code SCTP}
     * @param appProtocol the port's field of that name, empty for none
     */
    public static String of(int port, String name, String transport, String appProtocol) {
        if (transport.equals("UDP")) {
            return "UDP";
        }
        switch (appProtocol) {
            case "kubernetes.io/h2c" -> {
                return "HTTP2";
            }
            case "kubernetes.io/ws" -> {
                return "HTTP";
            }
            case "kubernetes.io/wss" -> {
                return "HTTPS";
            }
            default -> {
                String protocol = byName(appProtocol.isEmpty() ? name : appProtocol);
                return protocol.isEmpty() && serverSpeaksFirst(port) ? "TCP" : protocol;
            }
        }
    }

    private static String byName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith(GRPC_WEB)) {
            return "GRPC-WEB";
        }
        int dash = lower.indexOf('-');
        String prefix = dash < 0 ? lower : lower.substring(0, dash);
        return switch (prefix) {
            case "http", "http2", "https", "grpc", "tcp", "tls", "mongo", "redis", "mysql" ->
                prefix.toUpperCase(Locale.ROOT);
            case "http_proxy" -> "HTTP_PROXY";
            case "udp" -> "TCP";
            default -> "";
        };
    }

    /** Ports at which the protocol cannot be found out by listening: SMTP, DNS, MySQL, MongoDB. */
    private static boolean serverSpeaksFirst(int port) {
        return switch (port) {
            case 25, 53, 3306, 27_017 -> true;
            default -> false;
        };
    }
}
