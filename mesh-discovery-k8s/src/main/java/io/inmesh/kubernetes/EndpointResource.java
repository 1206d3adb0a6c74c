package io.inmesh.kubernetes;

/** Which resource endpoints are read from. */
public enum EndpointResource {
    /** EndpointSlices, or v1 Endpoints where slices are not served or not allowed. */
    AUTO,
    /** {@code discovery.k8s.io/v1} EndpointSlices only. */
    ENDPOINT_SLICES,
    /** {@code v1} Endpoints only: no conditions, no zones, cut off at 1000 addresses; deprecated since 1.33. */
    ENDPOINTS
}
