package io.inmesh.servlet.internal.authorization;

import io.inmesh.servlet.internal.path.PercentEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A path with {@code {*}} for one segment that is not empty and {@code {**}} for one or more, empty ones too. Immutable.
 */
final class PathTemplate {
    private static final String ONE = "{*}";
    private static final String MANY = "{**}";

    private final String[] segments;
    private final int many;

    private PathTemplate(String[] segments, int many) {
        this.segments = segments;
        this.many = many;
    }

    /** Whether a path of a policy is one. */
    static boolean isTemplate(String written) {
        return written.contains(ONE) || written.contains(MANY);
    }

    /**
     * Reads one.
     *
     * @param decoded whether the paths to match have their escapes decoded
     * @return null when it is no template that can be matched
     */
    static @Nullable PathTemplate of(String written, boolean decoded) {
        String[] segments = written.split("/", -1);
        int many = -1;
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (segment.equals(MANY)) {
                if (many >= 0) {
                    return null;
                }
                many = i;
            } else if (!segment.equals(ONE)) {
                if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0 || segment.indexOf('*') >= 0) {
                    return null;
                }
                segments[i] = decoded ? PercentEncoding.decoded(segment) : segment;
            }
        }
        return segments[0].isEmpty() ? new PathTemplate(segments, many) : null;
    }

    boolean matches(String path) {
        int length = segments.length;
        int left = many < 0 ? length : many;
        int from = 0;
        for (int i = 0; i < left; i++) {
            int slash = path.indexOf('/', from);
            boolean last = slash < 0;
            int end = last ? path.length() : slash;
            if (!segmentMatches(i, path, from, end)) {
                return false;
            }
            from = end + 1;
            if (last) {
                return many < 0 && i == length - 1;
            }
        }
        if (many < 0) {
            return false;
        }
        int end = path.length();
        for (int i = length - 1; i > many; i--) {
            int slash = path.lastIndexOf('/', end - 1);
            if (slash < from || !segmentMatches(i, path, slash + 1, end)) {
                return false;
            }
            end = slash;
        }
        return end >= from;
    }

    private boolean segmentMatches(int index, String path, int start, int end) {
        String segment = segments[index];
        if (segment.equals(ONE)) {
            return end > start;
        }
        return segment.length() == end - start && path.startsWith(segment, start);
    }
}
