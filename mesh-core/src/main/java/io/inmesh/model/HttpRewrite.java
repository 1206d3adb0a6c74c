package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * Rewrite before forwarding (Istio: HTTPRewrite).
 *
 * @param uri replaces the matched prefix, or the whole path after an exact or regex match; null when not given
 * @param authority replaces the Host that the backend sees; null when not given
 * @param uriRegex replaces every match in the path; excludes {@code uri}
 */
public record HttpRewrite(
        @Nullable String uri,
        @Nullable String authority,
        @Nullable RegexRewrite uriRegex) {
    /**
     * Global replacement.
     *
     * @param match RE2 expression
     * @param rewrite replacement with groups as {@code \1}
     */
    public record RegexRewrite(String match, String rewrite) {}
}
