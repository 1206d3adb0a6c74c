package io.inmesh.internal.route;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.Authority;
import io.inmesh.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names of hosts: short names, the names under which a service may be called, wildcards. Pure functions. */
public final class HostNames {
    private HostNames() {}

    /**
     * Full name of a host written in a rule. A name without a dot is short for a service in the rule's own namespace;
     * anything with a dot is full already, so {@code reviews.prod} is a name of its own.
     */
    public static String resolve(String host, String ruleNamespace, String clusterDomain) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.isEmpty() || lower.equals("*") || lower.indexOf('.') >= 0 || lower.indexOf(':') >= 0) {
            return lower;
        }
        return ServiceName.inCluster(lower + "." + ruleNamespace, clusterDomain);
    }

    /**
     * The full names that a host which the caller dials may stand for, the likelier first: the reverse of
     * {@link #domains}.
     *
     * @param host lower case, without port and trailing dot; no address
     */
    public static List<String> fullNames(String host, WorkloadIdentity self) {
        String domain = self.clusterDomain();
        if (ServiceName.serviceAndNamespace(host, domain) != null) {
            return List.of(host);
        }
        if (host.endsWith(".svc")) {
            return List.of(host + "." + domain, host);
        }
        int dot = host.indexOf('.');
        if (dot < 0) {
            return List.of(ServiceName.inCluster(host + "." + self.namespace(), domain), host);
        }
        return host.indexOf('.', dot + 1) < 0 ? List.of(ServiceName.inCluster(host, domain), host) : List.of(host);
    }

    /**
     * The services whose instance a host that the caller dials may name, as {@code db-0.db} names one of {@code db}: what
     * stands behind the first dot.
     *
     * @param host as for {@link #fullNames}
     */
    public static List<String> servicesOfInstance(String host, WorkloadIdentity self) {
        int dot = host.indexOf('.');
        return dot <= 0 || dot == host.length() - 1 ? List.of() : fullNames(host.substring(dot + 1), self);
    }

    /** Every name under which the caller may dial a service; a block of addresses ({@code 10.0.0.0/8}) stands for each. */
    static List<String> domains(String host, List<String> addresses, WorkloadIdentity self) {
        List<String> domains = new ArrayList<>();
        domains.add(host);
        if (host.indexOf('.') >= 0 && isName(host)) {
            domains.add(host + ".");
        }
        String serviceAndNamespace = ServiceName.serviceAndNamespace(host, self.clusterDomain());
        if (serviceAndNamespace != null && !host.startsWith("*")) {
            int dot = serviceAndNamespace.indexOf('.');
            if (dot > 0) {
                domains.add(serviceAndNamespace + ".svc");
                domains.add(serviceAndNamespace);
                if (serviceAndNamespace.substring(dot + 1).equals(self.namespace())) {
                    domains.add(serviceAndNamespace.substring(0, dot));
                }
            }
        }
        for (String address : addresses) {
            domains.add(address.indexOf('/') < 0 ? Authority.inBrackets(address) : address);
        }
        return domains;
    }

    /** Whether a text can be a name: it is no IPv4 address, and no name contains a colon as IPv6 addresses do. */
    public static boolean isName(String host) {
        return host.indexOf(':') < 0 && !IpAddress.isValid(host);
    }

    /** Whether an object of a namespace is visible to another namespace. */
    public static boolean isVisible(List<String> exportTo, String objectNamespace, String viewer) {
        if (exportTo.isEmpty()) {
            return true;
        }
        for (String target : exportTo) {
            if (target.equals("*") || target.equals(viewer) || target.equals(".") && objectNamespace.equals(viewer)) {
                return true;
            }
        }
        return false;
    }
}
