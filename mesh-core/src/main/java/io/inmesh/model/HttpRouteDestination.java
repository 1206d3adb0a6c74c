package io.inmesh.model;

/**
 * One weighted destination of a route.
 *
 * @param weight relative to the sum over the route, 0 or more; with several destinations 0 means never, with a single
 *     one the weight does not matter
 */
public record HttpRouteDestination(Destination destination, int weight, Headers headers) {}
