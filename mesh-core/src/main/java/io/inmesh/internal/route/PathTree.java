package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A radix tree of the paths that routes ask for, exact or as prefix, each with the routes that do. A walk along a path
 * meets the routes whose path condition holds, and no other; it ends where none before the best found can follow. Immutable.
 */
final class PathTree {
    /** Text between the parent and this node; empty for the root only. */
    private final String edge;
    /** First characters of the children's edges, ascending. */
    private final char[] branches;

    private final PathTree[] children;
    private final @Nullable RouteGroup prefix;
    private final @Nullable RouteGroup exact;
    /** The lowest position here and below. */
    private final int lowest;

    private PathTree(
            String edge,
            char[] branches,
            PathTree[] children,
            @Nullable RouteGroup prefix,
            @Nullable RouteGroup exact,
            int lowest) {
        this.edge = edge;
        this.branches = branches;
        this.children = children;
        this.prefix = prefix;
        this.exact = exact;
        this.lowest = lowest;
    }

    /** The lowest position below {@code limit} of a route that matches, else {@code limit}. */
    int first(RequestHead head, String pathAndQuery, int pathEnd, int limit) {
        int first = limit;
        int at = 0;
        PathTree node = this;
        while (node != null
                && node.lowest < first
                && node.edge.length() <= pathEnd - at
                && pathAndQuery.startsWith(node.edge, at)) {
            at += node.edge.length();
            if (node.prefix != null) {
                first = node.prefix.first(head, pathAndQuery, first);
            }
            if (at == pathEnd) {
                return node.exact == null ? first : node.exact.first(head, pathAndQuery, first);
            }
            node = node.child(pathAndQuery.charAt(at));
        }
        return first;
    }

    private @Nullable PathTree child(char branch) {
        int index = Arrays.binarySearch(branches, branch);
        return index < 0 ? null : children[index];
    }

    /** Collects paths; of one thread. */
    static final class Builder {
        private final TreeMap<String, RouteGroup.Builder> prefixes = new TreeMap<>();
        private final TreeMap<String, RouteGroup.Builder> exacts = new TreeMap<>();

        /** Adds a route; positions come in ascending order. */
        void add(PathMatcher path, int position, RouteMatcher matcher) {
            var groups = path.kind() == PathMatcher.Kind.EXACT ? exacts : prefixes;
            groups.computeIfAbsent(path.value(), value -> new RouteGroup.Builder())
                    .add(position, matcher);
        }

        PathTree build() {
            TreeMap<String, Boolean> paths = new TreeMap<>();
            prefixes.keySet().forEach(path -> paths.put(path, true));
            exacts.keySet().forEach(path -> paths.put(path, true));
            String[] sorted = paths.keySet().toArray(String[]::new);
            return node(sorted, 0, sorted.length, 0, "");
        }

        /** The node for those of sorted paths that share the text up to {@code depth}, of which {@code edge} is the end. */
        private PathTree node(String[] paths, int from, int to, int depth, String edge) {
            @Nullable RouteGroup prefix = null;
            @Nullable RouteGroup exact = null;
            int start = from;
            if (start < to && paths[start].length() == depth) {
                prefix = built(prefixes, paths[start]);
                exact = built(exacts, paths[start]);
                start++;
            }
            TreeMap<Character, PathTree> children = new TreeMap<>();
            while (start < to) {
                char branch = paths[start].charAt(depth);
                int end = start + 1;
                while (end < to && paths[end].charAt(depth) == branch) {
                    end++;
                }
                int shared = sharedLength(paths[start], paths[end - 1]);
                children.put(branch, node(paths, start, end, shared, paths[start].substring(depth, shared)));
                start = end;
            }
            return new PathTree(
                    edge,
                    branches(children),
                    children.values().toArray(PathTree[]::new),
                    prefix,
                    exact,
                    lowest(prefix, exact, children));
        }

        private static char[] branches(Map<Character, PathTree> children) {
            char[] branches = new char[children.size()];
            int i = 0;
            for (char branch : children.keySet()) {
                branches[i++] = branch;
            }
            return branches;
        }

        private static int lowest(
                @Nullable RouteGroup prefix, @Nullable RouteGroup exact, Map<Character, PathTree> children) {
            int lowest = Integer.MAX_VALUE;
            lowest = prefix == null ? lowest : Math.min(lowest, prefix.lowest());
            lowest = exact == null ? lowest : Math.min(lowest, exact.lowest());
            for (PathTree child : children.values()) {
                lowest = Math.min(lowest, child.lowest);
            }
            return lowest;
        }

        private static @Nullable RouteGroup built(Map<String, RouteGroup.Builder> groups, String path) {
            RouteGroup.Builder group = groups.get(path);
            return group == null ? null : group.build();
        }

        /** Of sorted texts the first and the last share what all share. */
        private static int sharedLength(String first, String last) {
            int shared = 0;
            while (shared < first.length() && shared < last.length() && first.charAt(shared) == last.charAt(shared)) {
                shared++;
            }
            return shared;
        }
    }
}
