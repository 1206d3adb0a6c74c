package io.inmesh.observe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * State of one source of rules or endpoints. Immutable.
 *
 * @param name as the source tells it, such as {@code file:/etc/mesh}
 * @param kind {@code config} or {@code endpoints}
 * @param current whether what it said last is in force as a whole and is what its back end says now; false while any
 *     object of it is refused, or calls are refused for it, and while a Kubernetes API server is away or was never
 *     reached
 * @param updatedAt when it last said something that was taken, null before
 */
public record SourceStatus(
        String name, String kind, boolean current, @Nullable Instant updatedAt) {}
