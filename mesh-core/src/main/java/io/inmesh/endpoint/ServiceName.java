package io.inmesh.endpoint;

import java.util.Locale;

/**
 * Full name of a service, lower case and without trailing dot: {@code reviews.default.svc.cluster.local},
 * {@code api.example.com} or the wildcard {@code *.example.com}.
 */
public record ServiceName(String host) implements Comparable<ServiceName> {
    /** Normalises case and the trailing dot. */
    public ServiceName {
        host = host.toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
    }

    @Override
    public int compareTo(ServiceName other) {
        return host.compareTo(other.host);
    }

    @Override
    public String toString() {
        return host;
    }
}
