package io.inmesh.endpoint;

/**
 * Port under which a service is called.
 *
 * @param number 1 to 65535
 * @param name empty for an unnamed port
 * @param protocol upper case ({@code HTTP}, {@code HTTPS}, {@code GRPC}), empty when unknown
 */
public record ServicePort(int number, String name, String protocol) {}
