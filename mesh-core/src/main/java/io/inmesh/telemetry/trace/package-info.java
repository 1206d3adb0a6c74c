/**
 * Spans for the calls of a mesh: one of kind CLIENT for each attempt, and one around them where the caller has none. By
 * Micrometer's observations, by the OpenTelemetry API, or, beside OpenTelemetry's agent, as attributes of its spans. Both
 * libraries are optional; a class here needs the one that its name says.
 */
@NullMarked
package io.inmesh.telemetry.trace;

import org.jspecify.annotations.NullMarked;
