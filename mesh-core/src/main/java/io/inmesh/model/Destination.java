package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * Where a route leads (Istio: Destination).
 *
 * @param host as written, short names not yet expanded
 * @param subset null when none is named
 * @param port service port, 0 when not given
 */
public record Destination(String host, @Nullable String subset, int port) {}
