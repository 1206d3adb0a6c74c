package io.inmesh.internal.route;

import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.StringMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges a delegating route with the routes of its delegate (Istio: mergeHTTPRoute). The delegate's field wins, the
 * root's fills what is missing; the match is every pair in which the delegate's condition lies inside the root's.
 */
final class Delegation {
    private Delegation() {}

    /** The merged route, null when the delegate's match is not inside the root's. */
    static @Nullable HttpRoute merge(HttpRoute root, HttpRoute delegate) {
        List<HttpMatchRequest> match = mergeMatches(root.match(), delegate.match());
        if (match == null) {
            return null;
        }
        return delegate.toBuilder()
                .name(joined(root.name(), delegate.name()))
                .match(match)
                .directResponse(delegate.directResponse() == null ? root.directResponse() : delegate.directResponse())
                .delegate(null)
                .rewrite(delegate.rewrite() == null ? root.rewrite() : delegate.rewrite())
                .timeout(delegate.timeout() == null ? root.timeout() : delegate.timeout())
                .retries(delegate.retries() == null ? root.retries() : delegate.retries())
                .fault(delegate.fault() == null ? root.fault() : delegate.fault())
                .cors(delegate.cors() == null ? root.cors() : delegate.cors())
                .mirrors(delegate.mirrors().isEmpty() ? root.mirrors() : delegate.mirrors())
                .headers(delegate.headers().equals(io.inmesh.model.Headers.NONE) ? root.headers() : delegate.headers())
                .build();
    }

    private static String joined(String root, String delegate) {
        return root.isEmpty() ? delegate : delegate.isEmpty() ? root : root + "-" + delegate;
    }

    private static @Nullable List<HttpMatchRequest> mergeMatches(
            List<HttpMatchRequest> root, List<HttpMatchRequest> delegate) {
        if (root.isEmpty()) {
            return delegate;
        }
        if (delegate.isEmpty()) {
            return root;
        }
        List<HttpMatchRequest> merged = new ArrayList<>();
        for (HttpMatchRequest inner : delegate) {
            boolean found = false;
            for (HttpMatchRequest outer : root) {
                if (!conflict(outer, inner)) {
                    merged.add(merge(outer, inner));
                    found = true;
                }
            }
            if (!found) {
                return null;
            }
        }
        return merged;
    }

    private static HttpMatchRequest merge(HttpMatchRequest outer, HttpMatchRequest inner) {
        return inner.toBuilder()
                .name(joined(outer.name(), inner.name()))
                .uri(inner.uri() == null ? outer.uri() : inner.uri())
                .scheme(inner.scheme() == null ? outer.scheme() : inner.scheme())
                .method(inner.method() == null ? outer.method() : inner.method())
                .authority(inner.authority() == null ? outer.authority() : inner.authority())
                .headers(union(outer.headers(), inner.headers()))
                .withoutHeaders(union(outer.withoutHeaders(), inner.withoutHeaders()))
                .queryParams(union(outer.queryParams(), inner.queryParams()))
                .port(inner.port() == 0 ? outer.port() : inner.port())
                .sourceLabels(union(outer.sourceLabels(), inner.sourceLabels()))
                .sourceNamespace(inner.sourceNamespace() == null ? outer.sourceNamespace() : inner.sourceNamespace())
                .gateways(inner.gateways().isEmpty() ? outer.gateways() : inner.gateways())
                .statPrefix(inner.statPrefix() == null ? outer.statPrefix() : inner.statPrefix())
                .build();
    }

    private static <V> Map<String, V> union(Map<String, V> outer, Map<String, V> inner) {
        Map<String, V> union = new LinkedHashMap<>(outer);
        union.putAll(inner);
        return union;
    }

    private static boolean conflict(HttpMatchRequest outer, HttpMatchRequest inner) {
        return conflict(outer.uri(), inner.uri())
                || conflict(outer.scheme(), inner.scheme())
                || conflict(outer.method(), inner.method())
                || conflict(outer.authority(), inner.authority())
                || anyConflict(outer.headers(), inner.headers())
                || anyConflict(outer.withoutHeaders(), inner.withoutHeaders())
                || anyConflict(outer.queryParams(), inner.queryParams())
                || outer.ignoreUriCase() != inner.ignoreUriCase()
                || outer.port() > 0 && inner.port() > 0 && outer.port() != inner.port()
                || labelsConflict(outer.sourceLabels(), inner.sourceLabels())
                || outer.sourceNamespace() != null
                        && !outer.sourceNamespace().isEmpty()
                        && !outer.sourceNamespace().equals(inner.sourceNamespace())
                || !outer.gateways().isEmpty()
                        && !inner.gateways().isEmpty()
                        && !outer.gateways().containsAll(inner.gateways());
    }

    private static boolean labelsConflict(Map<String, String> outer, Map<String, String> inner) {
        return inner.entrySet().stream()
                .anyMatch(label ->
                        outer.containsKey(label.getKey()) && !label.getValue().equals(outer.get(label.getKey())));
    }

    private static boolean anyConflict(Map<String, StringMatch> outer, Map<String, StringMatch> inner) {
        return inner.entrySet().stream().anyMatch(entry -> conflict(outer.get(entry.getKey()), entry.getValue()));
    }

    /** Istio sees into equal texts and prefixes only: presence and regexes conflict with every other condition. */
    private static boolean conflict(@Nullable StringMatch outer, @Nullable StringMatch inner) {
        if (outer == null || inner == null) {
            return false;
        }
        if (outer instanceof StringMatch.Exact exact && !exact.value().isEmpty()) {
            return !inner.equals(outer);
        }
        if (outer instanceof StringMatch.Prefix prefix && !prefix.value().isEmpty()) {
            return !text(inner).startsWith(prefix.value());
        }
        return true;
    }

    private static String text(StringMatch match) {
        if (match instanceof StringMatch.Exact exact) {
            return exact.value();
        }
        return match instanceof StringMatch.Prefix prefix ? prefix.value() : "";
    }
}
