package io.inmesh.kubernetes.internal.resource;

/**
 * A port of all endpoints of a slice.
 *
 * @param name of the Service's port, empty for the unnamed one
 * @param port 0 when not said: not a port of the Service then
 */
public record SlicePort(String name, int port) {}
