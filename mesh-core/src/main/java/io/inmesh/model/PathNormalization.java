package io.inmesh.model;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * How far the path of a request is brought to one form, which is then the only one: for matching, authorization,
 * rewriting and forwarding (Istio: MeshConfig.pathNormalization). The query is never touched.
 */
public enum PathNormalization {
    /** Not at all. */
    NONE,
    /**
     * Dot segments are removed, backslashes become slashes, escapes of unreserved characters are decoded (RFC 3986);
     * {@code //}, {@code %2f} and {@code ;} stay. A dot segment with parameters ({@code ..;}) counts as a dot segment,
     * because servlet containers read it so.
     */
    BASE,
    /** As {@link #BASE}, then of several slashes in a row one is left. */
    MERGE_SLASHES,
    /** Escapes of slashes and backslashes become slashes, then as {@link #MERGE_SLASHES}. */
    DECODE_AND_MERGE_SLASHES;

    /**
     * Brings the path part to its form and keeps the query.
     *
     * @return the same instance when nothing changes
     */
    public String canonical(String pathAndQuery) {
        if (this == NONE) {
            return pathAndQuery;
        }
        int end = pathEnd(pathAndQuery);
        if (!needsWork(pathAndQuery, end)) {
            return pathAndQuery;
        }
        String path = removeDotSegments(decode(pathAndQuery, end));
        return (this == BASE ? path : mergeSlashes(path)) + pathAndQuery.substring(end);
    }

    /** Index at which the path ends and the query begins. */
    public static int pathEnd(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        return query < 0 ? pathAndQuery.length() : query;
    }

    private boolean needsWork(String path, int end) {
        if (end == 0 || path.charAt(0) != '/') {
            return true;
        }
        for (int i = 0; i < end; i++) {
            char c = path.charAt(i);
            if (c == '\\'
                    || c == '%' && decodedAt(path, i, end) >= 0
                    || c == '.' && (path.charAt(i - 1) == '/' || path.charAt(i - 1) == '\\')
                    || c == '/' && this != BASE && i > 0 && path.charAt(i - 1) == '/') {
                return true;
            }
        }
        return false;
    }

    private String decode(String path, int end) {
        StringBuilder out = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            char c = path.charAt(i);
            int decoded = c == '%' ? decodedAt(path, i, end) : -1;
            if (decoded >= 0) {
                i += 2;
            }
            char next = decoded >= 0 ? (char) decoded : c;
            out.append(next == '\\' ? '/' : next);
        }
        if (out.length() == 0 || out.charAt(0) != '/') {
            out.insert(0, '/');
        }
        return out.toString();
    }

    /** The character that the escape at {@code index} is decoded to: an unreserved one (RFC 3986 2.3) or a slash; else -1. */
    private int decodedAt(String path, int index, int end) {
        if (index + 2 >= end) {
            return -1;
        }
        int high = Character.digit(path.charAt(index + 1), 16);
        int low = Character.digit(path.charAt(index + 2), 16);
        if (high < 0 || low < 0) {
            return -1;
        }
        int c = high * 16 + low;
        boolean decoded = c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~'
                || this == DECODE_AND_MERGE_SLASHES && (c == '/' || c == '\\');
        return decoded ? c : -1;
    }

    private static String mergeSlashes(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || i == 0 || path.charAt(i - 1) != '/') {
                out.append(c);
            }
        }
        return out.toString();
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
