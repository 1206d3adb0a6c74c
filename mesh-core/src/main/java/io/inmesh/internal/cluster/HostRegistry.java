package io.inmesh.internal.cluster;

/** Endpoint id to live host. Used by the control thread only. */
public final class HostRegistry {}
