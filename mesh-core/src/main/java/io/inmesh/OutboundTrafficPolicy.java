package io.inmesh;

/** What happens to calls to hosts that the mesh does not know (Istio: outboundTrafficPolicy). */
public enum OutboundTrafficPolicy {
    /** They go out as if there were no mesh. */
    ALLOW_ANY,
    /** They fail. */
    REGISTRY_ONLY
}
