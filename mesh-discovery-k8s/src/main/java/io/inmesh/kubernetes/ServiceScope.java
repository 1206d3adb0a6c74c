package io.inmesh.kubernetes;

/** Which services are watched. */
public enum ServiceScope {
    /** Those that a rule or a call names, for as long as they are used. */
    NEEDED,
    /** All in the namespaces read; for small clusters. */
    ALL
}
