package io.inmesh.spring.boot.client;

import org.jspecify.annotations.Nullable;

/**
 * What became of an HTTP client.
 *
 * @param client the one to use from now on: the given one, or another in its place
 * @param leftAlone why its calls do not go by the mesh, null where they do
 * @param remark what holds for its calls by the mesh only in part, null for nothing
 */
record Meshed(
        Object client, @Nullable String leftAlone, @Nullable String remark) {
    static Meshed as(Object client, @Nullable String remark) {
        return new Meshed(client, null, remark);
    }

    static Meshed not(Object client, String why) {
        return new Meshed(client, why, null);
    }

    /** For one that the application has excluded, which goes its own way. */
    static Meshed excluded(Object client) {
        return not(client, ClientExclusions.REASON);
    }

    /** For a client, or a builder, that is not Spring's own. */
    static Meshed unreadable(Object client) {
        return not(client, "what " + client.getClass().getName() + " sends requests with cannot be read");
    }
}
