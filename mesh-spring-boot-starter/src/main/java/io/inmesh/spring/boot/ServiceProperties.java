package io.inmesh.spring.boot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One service in the short form, {@code mesh.services.<host>}. {@link ShortForm} compiles it to Istio's records.
 *
 * @param host Host of the service, instead of the key; for hosts that are no good as keys.
 * @param port Port under which the service is called.
 * @param endpoints Addresses of the service; without any, they come from elsewhere (a rule file, discovery).
 * @param timeout Time for a whole call, for routes that give none themselves.
 * @param retries Retries, for routes that give none themselves.
 * @param loadBalancer How an endpoint is chosen.
 * @param subsets Named parts of the endpoints, by labels.
 * @param routes Routes in order, the first match wins. Without any, calls go to the whole service.
 */
public record ServiceProperties(
        @Nullable String host,
        @DefaultValue("80") int port,
        @DefaultValue List<EndpointAddress> endpoints,
        @Nullable Duration timeout,
        @Nullable Retries retries,
        @Nullable Balancer loadBalancer,
        @DefaultValue Map<String, Map<String, String>> subsets,
        @DefaultValue List<Route> routes) {

    /** How an endpoint is chosen. */
    public enum Balancer {
        /** In turn, by weight. */
        ROUND_ROBIN,
        /** The less busy of two. */
        LEAST_REQUEST,
        /** At random. */
        RANDOM
    }

    /**
     * One address.
     *
     * @param address {@code host:port}; IPv6 in brackets
     * @param labels for subsets
     * @param weight relative to the others, 1 or more; null means 1
     * @param locality {@code region/zone/subzone}
     */
    public record EndpointAddress(
            @Nullable String address,
            @DefaultValue Map<String, String> labels,
            @Nullable Integer weight,
            @Nullable String locality) {}

    /**
     * Retries of attempts that never reached a server.
     *
     * @param attempts after the first; 0 turns retries off
     */
    public record Retries(@Nullable Integer attempts) {}

    /**
     * One route. At most one of {@code to}, {@code redirect} and {@code directResponse}; without any of them calls go to
     * the service itself.
     *
     * @param name shown by explain
     * @param match alternatives; empty takes every call
     * @param to destinations
     */
    public record Route(
            @Nullable String name,
            @DefaultValue List<Match> match,
            @DefaultValue List<Target> to,
            @Nullable Redirect redirect,
            @Nullable DirectResponse directResponse,
            @Nullable Rewrite rewrite,
            @Nullable Duration timeout,
            @Nullable Retries retries,
            @Nullable Fault fault,
            @Nullable HeaderEdits headers) {}

    /**
     * One alternative; everything given must hold.
     *
     * @param path without the query
     * @param method exact, upper case
     * @param port that was called
     * @param sourceLabels labels of the calling application
     */
    public record Match(
            @Nullable PathCondition path,
            @Nullable String method,
            @Nullable TextCondition authority,
            @Nullable String scheme,
            @Nullable Integer port,
            @DefaultValue List<HeaderCondition> headers,
            @DefaultValue List<QueryCondition> query,
            @DefaultValue Map<String, String> sourceLabels,
            @Nullable String sourceNamespace) {}

    /** Exactly one of the three. */
    public record TextCondition(
            @Nullable String exact,
            @Nullable String prefix,
            @Nullable String regex) {}

    /** Exactly one of the first three. */
    public record PathCondition(
            @Nullable String exact,
            @Nullable String prefix,
            @Nullable String regex,
            @DefaultValue("false") boolean ignoreCase) {}

    /**
     * Exactly one condition.
     *
     * @param present true: there, whatever its value; false: not there
     * @param not turns the condition around
     */
    public record HeaderCondition(
            @Nullable String name,
            @Nullable String exact,
            @Nullable String prefix,
            @Nullable String regex,
            @Nullable Boolean present,
            @DefaultValue("false") boolean not) {}

    /**
     * Exactly one condition.
     *
     * @param present true: there, whatever its value
     */
    public record QueryCondition(
            @Nullable String name,
            @Nullable String exact,
            @Nullable String prefix,
            @Nullable String regex,
            @Nullable Boolean present) {}

    /**
     * One destination.
     *
     * @param host another service; null means this one
     * @param subset null means the whole service
     * @param port null means the one that was called
     * @param weight relative to the sum; either all destinations of a route have one or none has
     */
    public record Target(
            @Nullable String host,
            @Nullable String subset,
            @Nullable Integer port,
            @Nullable Integer weight,
            @Nullable HeaderEdits headers) {}

    /** Answer that sends the caller elsewhere. */
    public record Redirect(
            @Nullable String path,
            @Nullable String authority,
            @Nullable Integer port,
            @Nullable String scheme,
            @DefaultValue("301") int status) {}

    /** Fixed answer. */
    public record DirectResponse(
            @Nullable Integer status, @Nullable String body) {}

    /**
     * What the server is to see.
     *
     * @param path replaces the matched prefix, or the whole path after an exact match
     * @param pathRegex replaces every match in the path; excludes {@code path}
     */
    public record Rewrite(
            @Nullable String path,
            @Nullable String authority,
            @Nullable PathRegex pathRegex) {}

    /**
     * Replacement in the path.
     *
     * @param rewrite with groups as {@code \1}
     */
    public record PathRegex(
            @Nullable String match, @Nullable String rewrite) {}

    /** Faults for tests. */
    public record Fault(@Nullable Delay delay, @Nullable Abort abort) {}

    /** Waits before the call. */
    public record Delay(
            @Nullable Duration duration,
            @DefaultValue("100") double percent) {}

    /** Answers instead of the server. */
    public record Abort(
            @Nullable Integer status, @DefaultValue("100") double percent) {}

    /** Edits in both directions. */
    public record HeaderEdits(
            @Nullable HeaderEdit request, @Nullable HeaderEdit response) {}

    /** Edits in one direction. */
    public record HeaderEdit(
            @DefaultValue Map<String, String> set,
            @DefaultValue Map<String, String> add,
            @DefaultValue List<String> remove) {}
}
