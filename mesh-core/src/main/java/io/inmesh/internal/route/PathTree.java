package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A radix tree of the paths that routes ask for, exact or as prefix, each with the routes that do. A walk along a path
 * meets every route whose path condition holds, and no other. Immutable.
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
            return node(paths.keySet().toArray(String[]::new), 0, "");
        }

        /** The node for sorted paths that share the text up to {@code depth}, of which {@code edge} is the end. */
        private PathTree node(String[] paths, int depth, String edge) {
            @Nullable RouteGroup prefix = null;
            @Nullable RouteGroup exact = null;
            int from = 0;
            if (paths.length > 0 && paths[0].length() == depth) {
                prefix = built(prefixes, paths[0]);
                exact = built(exacts, paths[0]);
                from = 1;
            }
            TreeMap<Character, PathTree> children = new TreeMap<>();
            while (from < paths.length) {
                char branch = paths[from].charAt(depth);
                int to = from + 1;
                while (to < paths.length && paths[to].charAt(depth) == branch) {
                    to++;
                }
                String[] below = Arrays.copyOfRange(paths, from, to);
                int shared = sharedLength(below[0], below[below.length - 1]);
                children.put(branch, node(below, shared, below[0].substring(depth, shared)));
                from = to;
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
