package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiRequest;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The requests about one selection. Immutable. */
final class Requests<T extends KubernetesObject> {
    /** How much longer than it asked for a watch may last. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Selection<T> selection;
    private final ReflectorSettings settings;

    Requests(Selection<T> selection, ReflectorSettings settings) {
        this.selection = selection;
        this.settings = settings;
    }

    /** Which state a list may show. */
    sealed interface Freshness {
        /** Any that the server has at hand, which may be an old one. */
        record Any() implements Freshness {}

        /** The newest. */
        record Newest() implements Freshness {}

        /** Just this one. */
        record Exactly(String resourceVersion) implements Freshness {}
    }

    /**
     * One page of a list.
     *
     * @param limit of objects, 0 for none
     * @param next from the page before, empty for the first
     */
    ApiRequest list(Freshness freshness, int limit, String next) {
        Map<String, String> query = selectors();
        if (limit > 0) {
            query.put("limit", Integer.toString(limit));
        }
        if (!next.isEmpty()) {
            query.put("continue", next);
        } else if (freshness instanceof Freshness.Any) {
            query.put("resourceVersion", "0");
        } else if (freshness instanceof Freshness.Exactly exactly) {
            query.put("resourceVersion", exactly.resourceVersion());
            query.put("resourceVersionMatch", "Exact");
        }
        return request(query, selection.type().listAccept(), settings.listTimeout(), settings.answerSilence());
    }

    /** A watch that goes on from a known state. */
    ApiRequest watch(String resourceVersion, Duration life) {
        Map<String, String> query = watching(life);
        query.put("resourceVersion", resourceVersion);
        return request(query, selection.type().watchAccept(), life.plus(GRACE), settings.answerSilence());
    }

    /** A watch that begins with the newest state. */
    ApiRequest watchList(Duration life) {
        Map<String, String> query = watching(life);
        query.put("sendInitialEvents", "true");
        query.put("resourceVersionMatch", "NotOlderThan");
        return request(query, selection.type().watchAccept(), life.plus(GRACE), settings.initialSilence());
    }

    private Map<String, String> watching(Duration life) {
        Map<String, String> query = selectors();
        query.put("watch", "true");
        query.put("allowWatchBookmarks", "true");
        query.put("timeoutSeconds", Long.toString(Math.max(1, life.toSeconds())));
        return query;
    }

    private Map<String, String> selectors() {
        Map<String, String> query = new TreeMap<>();
        if (!selection.labelSelector().isEmpty()) {
            query.put("labelSelector", selection.labelSelector());
        }
        if (!selection.fieldSelector().isEmpty()) {
            query.put("fieldSelector", selection.fieldSelector());
        }
        return query;
    }

    private ApiRequest request(Map<String, String> query, String accept, Duration callTimeout, Duration readTimeout) {
        return new ApiRequest(selection.type().path(selection.namespace()), query, accept, callTimeout, readTimeout);
    }
}
