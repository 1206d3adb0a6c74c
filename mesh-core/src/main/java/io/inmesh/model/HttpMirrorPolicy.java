package io.inmesh.model;

/**
 * Copy of the traffic to another destination.
 *
 * @param partsPerMillion of the calls, 0 to 1,000,000; a percentage that is absent is 1,000,000
 */
public record HttpMirrorPolicy(Destination destination, int partsPerMillion) {}
