package io.inmesh.endpoint;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Full name of a service, lower case and without trailing dot: {@code reviews.default.svc.cluster.local},
 * {@code api.example.com} or the wildcard {@code *.example.com}.
 */
public record ServiceName(String host) implements Comparable<ServiceName> {
    private static final String SERVICES = ".svc.";

    /** Normalises case and the trailing dot. */
    public ServiceName {
        host = host.toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
    }

    /**
     * The host of a Service of the cluster.
     *
     * @param serviceAndNamespace such as {@code reviews.default}
     * @return such as {@code reviews.default.svc.cluster.local}; case as given
     */
    public static String inCluster(String serviceAndNamespace, String clusterDomain) {
        return serviceAndNamespace + SERVICES + clusterDomain;
    }

    /**
     * The reverse of {@link #inCluster}.
     *
     * @param host in the case of the domain
     * @return such as {@code reviews.default}; null for a host outside of the cluster
     */
    public static @Nullable String serviceAndNamespace(String host, String clusterDomain) {
        int end = host.length() - clusterDomain.length() - SERVICES.length();
        return host.endsWith(clusterDomain) && end >= 0 && host.startsWith(SERVICES, end)
                ? host.substring(0, end)
                : null;
    }

    /**
     * Whether a host, which may have a wildcard too, lies within a pattern (Istio: host.Name.SubsetOf). The star may stand
     * for nothing: {@code *foo.com} covers {@code foo.com}.
     *
     * @param pattern full name, or a star and the end of a name
     * @param host in the case of the pattern
     */
    public static boolean covers(String pattern, String host) {
        if (!pattern.startsWith("*")) {
            return pattern.equals(host);
        }
        return (host.startsWith("*") ? host.substring(1) : host).endsWith(pattern.substring(1));
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
