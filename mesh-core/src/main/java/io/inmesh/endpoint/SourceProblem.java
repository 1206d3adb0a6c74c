package io.inmesh.endpoint;

/**
 * What somebody should do something about, as an {@link EndpointSource} tells it.
 *
 * @param message what is wrong and what follows from it, as one sentence without a full stop
 * @param fix what to do about it, the same; may be empty when the message says it
 */
public record SourceProblem(String message, String fix) {}
