package io.inmesh.endpoint;

/**
 * Which of a name's addresses are called, by their family. Envoy's words, except for {@link #AUTO}, with which Envoy
 * prefers IPv6.
 */
public enum DnsLookupFamily {
    /**
     * What Istio chooses for a sidecar: IPv4, or IPv6 on a machine whose addresses are all IPv6 (loopback and link-local
     * ones do not count). Unlike there, a name without an address of that family is called at those of the other.
     */
    AUTO,
    /** IPv4 addresses; a name that has none cannot be called. */
    V4_ONLY,
    /** IPv4 addresses, and IPv6 ones of a name that has no others. */
    V4_PREFERRED,
    /** IPv6 addresses; a name that has none cannot be called. */
    V6_ONLY,
    /** All addresses, each as an endpoint of its own. For networks in which both families can be reached. */
    ALL
}
