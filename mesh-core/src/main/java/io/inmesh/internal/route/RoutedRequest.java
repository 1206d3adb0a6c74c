package io.inmesh.internal.route;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.internal.route.CompiledRoute.WeightedDestination;
import io.inmesh.internal.time.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request on its route: what is to be sent and what the caller is to see. Used by one thread until the request is
 * sent; {@link #responseHeaders} may be called from another one later.
 */
public final class RoutedRequest {
    private final RequestHead head;
    private final String originalPath;
    private final CompiledRoute route;
    private final String path;
    private final TimeSource time;

    /** Null unless the route has a policy for other origins that allows this one. */
    private final @Nullable String allowedOrigin;

    private @Nullable WeightedDestination destination;
    private Instant start = Instant.EPOCH;

    /**
     * Puts a request on a route.
     *
     * @param canonicalPath with query
     * @param time asked at once, where edits of headers need it
     */
    public RoutedRequest(RequestHead head, String canonicalPath, CompiledRoute route, TimeSource time) {
        this.time = time;
        this.head = head;
        this.originalPath = canonicalPath;
        this.route = route;
        Cors cors = route.cors();
        this.allowedOrigin = cors == null ? null : cors.allowedOrigin(head);
        Rewrite rewrite = route.rewrite();
        this.path = rewrite == null
                ? canonicalPath
                : rewrite.apply(canonicalPath, route.matcher().path());
    }

    /** The route. */
    public CompiledRoute route() {
        return route;
    }

    /** Target of the redirect, null when the route is none. */
    public @Nullable String location() {
        Redirect redirect = route.redirect();
        return redirect == null
                ? null
                : redirect.location(head, originalPath, route.matcher().path());
    }

    /** Status of the redirect; only when there is a location. */
    public int redirectStatus() {
        return Objects.requireNonNull(route.redirect()).status();
    }

    /** Headers of the answer to a preflight of a page of another origin; null when there is no such answer to give. */
    public @Nullable List<HeaderField> preflightHeaders() {
        Cors cors = route.cors();
        return cors == null ? null : cors.preflight(head, allowedOrigin);
    }

    /** Draws and remembers the destination. */
    public WeightedDestination draw(long draw) {
        WeightedDestination drawn = route.destination(draw);
        destination = drawn;
        if (drawn.requestEdits().readsTime() || drawn.responseEdits().readsTime()) {
            start = time.now();
        }
        return drawn;
    }

    /** Whether an answer may have no body. */
    public boolean isHead() {
        return head.method().equals("HEAD");
    }

    /** Path to send. */
    public String path() {
        return path;
    }

    /** Host to send. */
    public String authority() {
        String rewritten = drawn().authority();
        return rewritten == null ? head.authority() : rewritten;
    }

    /**
     * All headers to send, null when they are those that the caller has set.
     *
     * @param carries whether what a {@link CarryingHead} carries is to be sent
     */
    public @Nullable List<HeaderField> requestHeaders(boolean carries) {
        WeightedDestination drawn = drawn();
        boolean otherHost = drawn.authority() != null;
        RequestHead sent = carries || !(head instanceof CarryingHead carrying) ? head : carrying.request();
        if (drawn.requestEdits().isEmpty()
                && route.rewrite() == null
                && !otherHost
                && !(sent instanceof CarryingHead)) {
            return null;
        }
        List<HeaderField> headers = sent.headerFields();
        drawn.requestEdits().apply(headers, context(0));
        if (route.rewrite() != null) {
            HeaderEdits.overwrite(headers, new HeaderField("x-envoy-original-path", originalPath));
        }
        if (otherHost) {
            HeaderEdits.overwrite(headers, new HeaderField("x-envoy-original-host", head.authority()));
        }
        return headers;
    }

    /** Whether the response is to be edited. */
    public boolean hasResponseEdits() {
        return allowedOrigin != null || !drawn().responseEdits().isEmpty();
    }

    /** Headers that the caller is to see on a response of the destination. */
    public List<HeaderField> responseHeaders(int status, List<HeaderField> headers) {
        List<HeaderField> edited = editedHeaders(status, headers);
        allowOrigin(edited);
        return edited;
    }

    /** The same without what pages of other origins are told. */
    public List<HeaderField> editedHeaders(int status, List<HeaderField> headers) {
        return edited(drawn().responseEdits(), status, headers);
    }

    /** Whether a page of another origin asks that may read answers of the route. */
    public boolean hasAllowedOrigin() {
        return allowedOrigin != null;
    }

    /** Headers that the caller is to see on an answer that is given in place of the destination's. */
    public List<HeaderField> refusalHeaders(List<HeaderField> headers) {
        List<HeaderField> edited = new ArrayList<>(headers);
        allowOrigin(edited);
        return edited;
    }

    private void allowOrigin(List<HeaderField> headers) {
        if (route.cors() != null && allowedOrigin != null) {
            route.cors().edit(headers, allowedOrigin);
        }
    }

    /** Headers that the caller is to see on a redirect or direct response. */
    public List<HeaderField> directHeaders(int status, List<HeaderField> headers) {
        if (route.directEdits().readsTime()) {
            start = time.now();
        }
        return edited(route.directEdits(), status, headers);
    }

    private List<HeaderField> edited(HeaderEdits edits, int status, List<HeaderField> headers) {
        List<HeaderField> edited = new ArrayList<>(headers);
        edits.apply(edited, context(status));
        return edited;
    }

    private HeaderValue.Context context(int status) {
        return new HeaderValue.Context(
                head,
                originalPath,
                status,
                route.name(),
                destination == null ? "" : destination.cluster().toString(),
                start);
    }

    private WeightedDestination drawn() {
        return Objects.requireNonNull(destination, "draw a destination first");
    }
}
