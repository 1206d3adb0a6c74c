package io.inmesh.console;

import io.inmesh.event.Ejection;
import io.inmesh.explain.EndpointState;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.PolicyBlock;
import io.inmesh.explain.Explanation.RouteVerdict;
import io.inmesh.explain.Retries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Why a request goes where it goes; what does not apply is null or empty. */
final class ExplanationDocument {
    private ExplanationDocument() {}

    static Map<String, @Nullable Object> of(Explanation explanation) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("decision", explanation.decision().name().toLowerCase(Locale.ROOT));
        map.put("virtualService", explanation.virtualService());
        map.put("route", explanation.route());
        map.put(
                "routeOrigin",
                explanation.routeOrigin() == null
                        ? null
                        : explanation.routeOrigin().toString());
        map.put("cluster", explanation.cluster());
        map.put("authority", explanation.authority());
        map.put("path", explanation.path());
        map.put("requestHeaders", Secrets.shown(explanation.requestHeaders()));
        map.put("responseHeaders", Secrets.shown(explanation.responseHeaders()));
        map.put(
                "timeoutMs",
                explanation.timeout() == null ? null : explanation.timeout().toMillis());
        map.put("retries", explanation.retries() == null ? null : retries(explanation.retries()));
        map.put("fault", explanation.fault() == null ? null : fault(explanation.fault()));
        map.put("mirrors", explanation.mirrors());
        map.put("status", explanation.status());
        map.put("location", explanation.location());
        map.put("body", explanation.body());
        map.put(
                "endpoints",
                explanation.endpoints().stream()
                        .map(ExplanationDocument::endpoint)
                        .toList());
        map.put(
                "candidates",
                explanation.candidates().stream()
                        .map(ExplanationDocument::candidate)
                        .toList());
        map.put("policies", new TreeMap<>(explanation.policies()));
        map.put(
                "clusterPolicy",
                explanation.clusterPolicy().stream()
                        .map(ExplanationDocument::block)
                        .toList());
        map.put("limits", explanation.limits().stream().map(LimitDocument::of).toList());
        map.put(
                "routes",
                explanation.routes().stream().map(ExplanationDocument::verdict).toList());
        map.put("why", explanation.why());
        return Secrets.document(map);
    }

    private static Map<String, @Nullable Object> retries(Retries retries) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("attempts", retries.attempts());
        map.put("on", retries.on());
        map.put(
                "perTryTimeoutMs",
                retries.perTryTimeout() == null ? null : retries.perTryTimeout().toMillis());
        map.put(
                "backoffMs",
                retries.backoff() == null ? null : retries.backoff().toMillis());
        map.put("sparesPreviousHosts", retries.sparesPreviousHosts());
        map.put("notInForce", retries.notInForce());
        return map;
    }

    private static Map<String, @Nullable Object> fault(Explanation.Fault fault) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("delayMs", fault.delay() == null ? null : fault.delay().toMillis());
        map.put("abortStatus", fault.abortStatus());
        return map;
    }

    private static Map<String, @Nullable Object> endpoint(EndpointState endpoint) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("address", endpoint.hostPort());
        map.put("state", endpoint.state());
        map.put("used", endpoint.used());
        map.put("weight", endpoint.weight());
        map.put("inFlight", endpoint.activeRequests());
        map.put("labels", new TreeMap<>(endpoint.labels()));
        Ejection ejection = endpoint.ejection();
        map.put("ejection", ejection == null ? null : EjectionDocument.of(ejection));
        return map;
    }

    private static Map<String, @Nullable Object> candidate(Explanation.Candidate candidate) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("cluster", candidate.cluster());
        map.put("weight", candidate.weight());
        map.put("chosen", candidate.chosen());
        return map;
    }

    private static Map<String, @Nullable Object> block(PolicyBlock block) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", block.name());
        map.put("asked", block.asked());
        map.put("inForce", block.inForce());
        return map;
    }

    private static Map<String, @Nullable Object> verdict(RouteVerdict verdict) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", verdict.name());
        map.put("origin", verdict.origin().toString());
        map.put("matched", verdict.matched());
        map.put("reason", verdict.reason());
        return map;
    }

    /** Answer to a request that cannot be read. */
    static Map<String, @Nullable Object> unreadable(String why) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("error", why);
        map.put("why", List.of(why));
        return map;
    }
}
