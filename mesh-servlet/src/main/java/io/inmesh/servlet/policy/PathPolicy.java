package io.inmesh.servlet.policy;

import io.inmesh.model.PathNormalization;
import io.inmesh.servlet.internal.path.PercentEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Which paths come in, and in which form: the one form that rules are matched with, that policies judge and that is sent
 * on. A path that a servlet container, a proxy and a rule could read in two ways is refused. Immutable.
 *
 * @param normalization form of paths
 * @param strict whether paths with two readings are refused; without, all are taken as Envoy takes them
 * @param removesParameters whether parameters of segments ({@code ;jsessionid=1}) are cut off, as servlet containers do
 *     before they look at a path; without, a strict policy refuses them
 */
public record PathPolicy(PathNormalization normalization, boolean strict, boolean removesParameters) {
    /** Slashes are merged, and what has two readings is refused. */
    public static final PathPolicy STRICT = new PathPolicy(PathNormalization.MERGE_SLASHES, true, false);

    /** As an ingress gateway of Istio that nobody configured: nothing is refused. */
    public static final PathPolicy AS_ISTIO = new PathPolicy(PathNormalization.BASE, false, false);

    /** The same with another form. */
    public PathPolicy withNormalization(PathNormalization other) {
        return new PathPolicy(other, strict, removesParameters);
    }

    /** The same with parameters cut off. */
    public PathPolicy removingParameters() {
        return new PathPolicy(normalization, strict, true);
    }

    /**
     * Why a path does not come in.
     *
     * @param pathAndQuery as it came
     * @return a sentence without full stop, free of what came; null when it comes in
     */
    public @Nullable String problem(String pathAndQuery) {
        int end = PathNormalization.pathEnd(pathAndQuery);
        if (!pathAndQuery.startsWith("/")) {
            return "the path does not start with a slash";
        }
        if (!strict) {
            return null;
        }
        String problem = problemOfCharacters(pathAndQuery, end);
        problem = problem != null ? problem : problemOfSegments(pathAndQuery, end);
        return problem != null ? problem : problemOfForm(canonical(pathAndQuery));
    }

    /** The form of a path for which there is no {@link #problem}, with the query as it came. */
    public String canonical(String pathAndQuery) {
        String path = removesParameters ? withoutParameters(pathAndQuery) : pathAndQuery;
        return normalization.canonical(path);
    }

    /**
     * What policies judge: the path without query. A strict policy has its escapes decoded, since two ways of writing one
     * character are one path to whoever serves it; else it stays as it is.
     */
    public String judged(String canonical) {
        String path = canonical.substring(0, PathNormalization.pathEnd(canonical));
        return strict ? PercentEncoding.decoded(path) : path;
    }

    private @Nullable String problemOfCharacters(String path, int end) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return "a character of it has to be sent as an escape such as %20";
            }
            if (i >= end) {
                continue;
            }
            if (c == '\\') {
                return "there is a backslash in the path";
            }
            if (c == ';' && !removesParameters) {
                return "there is a semicolon in the path";
            }
            if (c == '%') {
                int character = PercentEncoding.characterAt(path, i, end);
                String problem = problemOfEscape(character);
                if (problem != null) {
                    return problem;
                }
                i += PercentEncoding.lengthOf(character) - 1;
            }
        }
        return null;
    }

    private @Nullable String problemOfEscape(int character) {
        if (character < 0) {
            return "an escape in the path is not one of UTF-8";
        }
        if (Character.isISOControl(character)) {
            return "there is a control character in the path";
        }
        boolean slash = character == '/' || character == '\\';
        if (slash && normalization != PathNormalization.DECODE_AND_MERGE_SLASHES) {
            return "there is an escaped slash or backslash in the path";
        }
        return character == ';' ? "there is an escaped semicolon in the path" : null;
    }

    /**
     * Refuses what climbs above the root, and {@code ..} beside an empty segment: who merges slashes first takes away
     * another segment than who does it last.
     */
    private @Nullable String problemOfSegments(String pathAndQuery, int end) {
        String path = pathAndQuery.substring(0, end);
        path = PercentEncoding.decoded(removesParameters ? withoutParameters(path) : path)
                .replace('\\', '/');
        if (!path.contains("..")) {
            return null;
        }
        int depth = 0;
        boolean climbs = false;
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int stop = slash < 0 ? path.length() : slash;
            int length = stop - start;
            if (length == 2 && path.startsWith("..", start)) {
                if (depth == 0) {
                    return "the path climbs above its root";
                }
                climbs = true;
                depth--;
            } else if (length != 0 && (length != 1 || path.charAt(start) != '.')) {
                depth++;
            }
            start = stop + 1;
        }
        return climbs && path.contains("//") ? "there are dot segments beside an empty segment in the path" : null;
    }

    /** A form that leaves more as it is than servlet containers do takes in only what they leave alone too. */
    private @Nullable String problemOfForm(String canonical) {
        return normalization.compareTo(PathNormalization.MERGE_SLASHES) < 0
                        && !PathNormalization.MERGE_SLASHES.canonical(canonical).equals(canonical)
                ? "there is an empty or a dot segment in the path"
                : null;
    }

    private static String withoutParameters(String pathAndQuery) {
        int end = PathNormalization.pathEnd(pathAndQuery);
        int semicolon = pathAndQuery.indexOf(';');
        if (semicolon < 0 || semicolon >= end) {
            return pathAndQuery;
        }
        StringBuilder out = new StringBuilder(pathAndQuery.length());
        boolean inParameters = false;
        for (int i = 0; i < end; i++) {
            char c = pathAndQuery.charAt(i);
            inParameters = c == ';' || inParameters && c != '/';
            if (!inParameters) {
                out.append(c);
            }
        }
        return out.append(pathAndQuery, end, pathAndQuery.length()).toString();
    }
}
