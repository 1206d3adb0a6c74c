package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * Another VirtualService that supplies the routes (Istio: Delegate, one level only).
 *
 * @param namespace null means that of the delegating VirtualService
 */
public record Delegate(String name, @Nullable String namespace) {}
