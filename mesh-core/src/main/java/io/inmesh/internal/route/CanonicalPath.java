package io.inmesh.internal.route;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The one form of a path that is used for matching, rewriting and forwarding (Istio: pathNormalization BASE). Dot
 * segments are removed, backslashes become slashes, escapes of unreserved characters are decoded; {@code //},
 * {@code %2f} and {@code ;} stay, but a dot segment with parameters ({@code ..;}) counts as a dot segment, because
 * servlet containers read it so.
 */
public final class CanonicalPath {
    private CanonicalPath() {}

    /**
     * Normalises the path part and keeps the query.
     *
     * @return the same instance when nothing changes
     */
    public static String of(String pathAndQuery) {
        int end = end(pathAndQuery);
        if (!needsWork(pathAndQuery, end)) {
            return pathAndQuery;
        }
        String path = removeDotSegments(decodeUnreserved(pathAndQuery, end));
        return path + pathAndQuery.substring(end);
    }

    /** Index at which the path ends and the query begins. */
    public static int end(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        return query < 0 ? pathAndQuery.length() : query;
    }

    private static boolean needsWork(String path, int end) {
        if (end == 0 || path.charAt(0) != '/') {
            return true;
        }
        for (int i = 0; i < end; i++) {
            char c = path.charAt(i);
            if (c == '\\'
                    || c == '%' && unreservedAt(path, i, end) >= 0
                    || c == '.' && (path.charAt(i - 1) == '/' || path.charAt(i - 1) == '\\')) {
                return true;
            }
        }
        return false;
    }

    private static String decodeUnreserved(String path, int end) {
        StringBuilder out = new StringBuilder(end + 1);
        if (end == 0 || path.charAt(0) != '/' && path.charAt(0) != '\\') {
            out.append('/');
        }
        for (int i = 0; i < end; i++) {
            char c = path.charAt(i);
            int decoded = c == '%' ? unreservedAt(path, i, end) : -1;
            if (decoded >= 0) {
                out.append((char) decoded);
                i += 2;
            } else {
                out.append(c == '\\' ? '/' : c);
            }
        }
        return out.toString();
    }

    /** The unreserved character (RFC 3986 2.3) that the escape at {@code index} stands for, else -1. */
    private static int unreservedAt(String path, int index, int end) {
        if (index + 2 >= end) {
            return -1;
        }
        int high = Character.digit(path.charAt(index + 1), 16);
        int low = Character.digit(path.charAt(index + 2), 16);
        if (high < 0 || low < 0) {
            return -1;
        }
        int c = high * 16 + low;
        boolean unreserved = c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
        return unreserved ? c : -1;
    }

    private static String removeDotSegments(String path) {
        ArrayDeque<String> kept = new ArrayDeque<>();
        boolean slashAtEnd = false;
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int stop = slash < 0 ? path.length() : slash;
            String segment = path.substring(start, stop);
            @Nullable String dots = dots(segment);
            slashAtEnd = dots != null && slash < 0;
            if (dots == null) {
                kept.addLast(segment);
            } else if (dots.length() == 2) {
                kept.pollLast();
            }
            start = stop + 1;
        }
        StringBuilder out = new StringBuilder(path.length());
        for (Iterator<String> segments = kept.iterator(); segments.hasNext(); ) {
            out.append('/').append(segments.next());
        }
        if (slashAtEnd || out.length() == 0) {
            out.append('/');
        }
        return out.toString();
    }

    private static @Nullable String dots(String segment) {
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        return name.equals(".") || name.equals("..") ? name : null;
    }
}
