package io.inmesh.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of a route's match; all conditions given must hold (Istio: HTTPMatchRequest).
 *
 * @param name empty when not named
 * @param uri against the path without query; null means any
 * @param scheme null means any
 * @param method null means any
 * @param authority against the authority as sent, port included; null means any
 * @param headers by lower-case name; an absent header never matches
 * @param withoutHeaders by lower-case name; the route is excluded when one matches
 * @param queryParams first value of each, not decoded
 * @param port service port that was called; 0 means any
 * @param sourceLabels labels of the calling workload, ignored when {@code gateways} is given
 * @param sourceNamespace namespace of the calling workload, null means any
 * @param gateways overrides the VirtualService's; empty means inherit
 * @param ignoreUriCase concerns exact and prefix, not regex
 * @param statPrefix null when not given
 * @param origin place of the block
 */
public record HttpMatchRequest(
        String name,
        @Nullable StringMatch uri,
        @Nullable StringMatch scheme,
        @Nullable StringMatch method,
        @Nullable StringMatch authority,
        Map<String, StringMatch> headers,
        Map<String, StringMatch> withoutHeaders,
        Map<String, StringMatch> queryParams,
        int port,
        Map<String, String> sourceLabels,
        @Nullable String sourceNamespace,
        List<String> gateways,
        boolean ignoreUriCase,
        @Nullable String statPrefix,
        Origin origin) {
    /** Copies the maps and lists. */
    public HttpMatchRequest {
        headers = Map.copyOf(headers);
        withoutHeaders = Map.copyOf(withoutHeaders);
        queryParams = Map.copyOf(queryParams);
        sourceLabels = Map.copyOf(sourceLabels);
        gateways = List.copyOf(gateways);
    }
}
