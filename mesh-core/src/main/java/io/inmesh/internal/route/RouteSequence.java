package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes in order, of which the first that matches is taken. Immutable; a search allocates nothing but for regular
 * expressions and query parameters.
 *
 * <p>Long sequences are searched by an index. It names the routes whose path condition holds, and of these the ones whose
 * header or authority condition may hold; the lowest position among those that match is the answer, in whatever order
 * they are tried. Routes whose path is a regular expression or ignores case, and those that differ in neither path, exact
 * header nor authority, are still tried one after the other.
 */
public final class RouteSequence {
    /** Up to here trying one after the other takes no longer than the index does. */
    private static final int LONGEST_TRIED_IN_TURN = 3;

    private final List<CompiledRoute> routes;
    private final @Nullable PathTree byPath;
    /** Positions of those whose path condition has no place in the tree. */
    private final int[] outsideTree;

    private RouteSequence(List<CompiledRoute> routes, @Nullable PathTree byPath, int[] outsideTree) {
        this.routes = routes;
        this.byPath = byPath;
        this.outsideTree = outsideTree;
    }

    /** A sequence of routes, in their order. */
    static RouteSequence of(List<CompiledRoute> routes) {
        List<CompiledRoute> copy = List.copyOf(routes);
        if (copy.size() <= LONGEST_TRIED_IN_TURN) {
            return new RouteSequence(copy, null, new int[0]);
        }
        PathTree.Builder tree = new PathTree.Builder();
        List<Integer> outsideTree = new ArrayList<>();
        for (int position = 0; position < copy.size(); position++) {
            RouteMatcher matcher = copy.get(position).matcher();
            if (matcher.path().isPlainText()) {
                tree.add(matcher.path(), position, matcher);
            } else {
                outsideTree.add(position);
            }
        }
        return new RouteSequence(
                copy, tree.build(), outsideTree.stream().mapToInt(i -> i).toArray());
    }

    /** The routes, in order. */
    public List<CompiledRoute> list() {
        return routes;
    }

    /** The first route that matches, null when none does. */
    @Nullable
    CompiledRoute first(RequestHead head, String pathAndQuery, int pathEnd) {
        return byPath == null ? tryInTurn(head, pathAndQuery, pathEnd) : search(byPath, head, pathAndQuery, pathEnd);
    }

    private @Nullable CompiledRoute tryInTurn(RequestHead head, String pathAndQuery, int pathEnd) {
        for (int i = 0; i < routes.size(); i++) {
            CompiledRoute route = routes.get(i);
            if (route.matches(head, pathAndQuery, pathEnd)) {
                return route;
            }
        }
        return null;
    }

    private @Nullable CompiledRoute search(PathTree tree, RequestHead head, String pathAndQuery, int pathEnd) {
        int first = tree.first(head, pathAndQuery, pathEnd, routes.size());
        for (int position : outsideTree) {
            if (position >= first) {
                break;
            }
            if (routes.get(position).matches(head, pathAndQuery, pathEnd)) {
                first = position;
                break;
            }
        }
        return first == routes.size() ? null : routes.get(first);
    }
}
