package io.inmesh.endpoint;

/**
 * Port under which a service is called.
 *
 * @param number 1 to 65535
 * @param name empty for an unnamed port
 * @param protocol upper case ({@code HTTP}, {@code HTTPS}, {@code GRPC}), empty when unknown
 * @param targetPort port that is connected to where the service is called at the address of the request itself; 0 for the
 *     port of the request. Endpoints have ports of their own
 */
public record ServicePort(int number, String name, String protocol, int targetPort) {
    /** A port without a target of its own. */
    public ServicePort(int number, String name, String protocol) {
        this(number, name, protocol, 0);
    }

    /** Whether rules for HTTP concern the port; one that carries something else keeps its default route. */
    public boolean isHttp() {
        return switch (protocol) {
            case "TCP", "UDP", "TLS", "HTTPS", "MONGO", "MYSQL", "REDIS" -> false;
            default -> true;
        };
    }

    /** Whether servers behind the port speak HTTP/2, without TLS as well. */
    public boolean isHttp2() {
        return switch (protocol) {
            case "HTTP2", "GRPC", "GRPC-WEB" -> true;
            default -> false;
        };
    }
}
