package io.inmesh.spring.boot.actuate;

import io.inmesh.MeshStatus;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.explain.EndpointState;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.LimitUse;
import io.inmesh.explain.Retries;
import io.inmesh.observe.SourceStatus;
import io.inmesh.spring.boot.client.ClientBeans.ClientBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plain maps, lists and strings for JSON; keys that do not apply are left out. */
final class Described {
    private static final Pattern SECRET =
            Pattern.compile("authorization|proxy-authorization|cookie|set-cookie|.*(token|secret|password|api-?key).*");

    private static final String HIDDEN = "******";

    private Described() {}

    static Map<String, Object> source(SourceStatus source) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", source.name());
        map.put("kind", source.kind());
        map.put("current", source.current());
        put(
                map,
                "updatedAt",
                source.updatedAt() == null ? null : source.updatedAt().toString());
        return map;
    }

    static Map<String, Object> problem(ConfigProblem problem) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        map.put("source", problem.origin().source());
        if (problem.origin().line() > 0) {
            map.put("line", problem.origin().line());
            map.put("column", problem.origin().column());
        }
        map.put("path", problem.path());
        map.put("message", problem.message());
        map.put("fix", problem.fix());
        return map;
    }

    static Map<String, Object> attempts(MeshStatus.Attempts attempts) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("running", attempts.running());
        map.put("olderThanAMinute", attempts.olderThanAMinute());
        map.put("unclosedBodies", attempts.unclosedBodies());
        return map;
    }

    static List<Map<String, Object>> routes(Map<String, List<String>> routes) {
        return routes.entrySet().stream()
                .map(entry -> {
                    Map<String, Object> map = new LinkedHashMap<>();
                    map.put("host", entry.getKey());
                    map.put("routes", entry.getValue());
                    return map;
                })
                .toList();
    }

    static Map<String, Object> service(ServiceEndpoints service) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("service", service.service().host());
        map.put("namespace", service.namespace());
        map.put("state", lower(service.state()));
        map.put(
                "ports",
                service.ports().stream()
                        .map(port -> {
                            Map<String, Object> described = new LinkedHashMap<>();
                            described.put("number", port.number());
                            described.put("name", port.name());
                            described.put("protocol", port.protocol());
                            described.put(
                                    "endpoints",
                                    service.endpoints().getOrDefault(port.number(), List.of()).stream()
                                            .map(Described::endpoint)
                                            .toList());
                            return described;
                        })
                        .toList());
        return map;
    }

    private static Map<String, Object> endpoint(Endpoint endpoint) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("address", endpoint.hostPort());
        map.put("condition", lower(endpoint.condition()));
        map.put("weight", endpoint.weight());
        map.put("labels", new TreeMap<>(endpoint.labels()));
        String locality = endpoint.locality().toString();
        put(map, "locality", locality.isEmpty() ? null : locality);
        return map;
    }

    static Map<String, Object> explanation(Explanation explanation) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("decision", lower(explanation.decision()));
        put(map, "virtualService", explanation.virtualService());
        put(map, "route", explanation.route());
        put(
                map,
                "routeOrigin",
                explanation.routeOrigin() == null
                        ? null
                        : explanation.routeOrigin().toString());
        put(map, "cluster", explanation.cluster());
        put(map, "authority", explanation.authority());
        put(map, "path", explanation.path());
        putAll(map, "requestHeaders", shown(explanation.requestHeaders()));
        putAll(map, "responseHeaders", shown(explanation.responseHeaders()));
        put(
                map,
                "timeoutMs",
                explanation.timeout() == null ? null : explanation.timeout().toMillis());
        put(map, "retries", explanation.retries() == null ? null : retries(explanation.retries()));
        put(map, "fault", explanation.fault() == null ? null : fault(explanation.fault()));
        if (!explanation.mirrors().isEmpty()) {
            map.put("mirrors", explanation.mirrors());
        }
        put(map, "status", explanation.status() == 0 ? null : explanation.status());
        put(map, "location", explanation.location());
        put(map, "body", explanation.body());
        if (!explanation.endpoints().isEmpty()) {
            map.put(
                    "endpoints",
                    explanation.endpoints().stream().map(Described::state).toList());
        }
        if (!explanation.candidates().isEmpty()) {
            map.put(
                    "candidates",
                    explanation.candidates().stream().map(Described::candidate).toList());
        }
        putAll(map, "policies", explanation.policies());
        putAll(map, "clusterPolicy", clusterPolicy(explanation.clusterPolicy()));
        if (!explanation.limits().isEmpty()) {
            map.put(
                    "limits",
                    explanation.limits().stream().map(Described::limit).toList());
        }
        map.put("routes", explanation.routes().stream().map(Described::verdict).toList());
        map.put("why", explanation.why());
        return map;
    }

    private static Map<String, Object> retries(Retries retries) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("attempts", retries.attempts());
        map.put("on", retries.on());
        if (retries.perTryTimeout() != null) {
            map.put("perTryTimeoutMs", retries.perTryTimeout().toMillis());
        }
        if (retries.backoff() != null) {
            map.put("backoffMs", retries.backoff().toMillis());
        }
        if (!retries.sparesPreviousHosts()) {
            map.put("sparesPreviousHosts", false);
        }
        putAll(map, "notInForce", retries.notInForce());
        return map;
    }

    private static Map<String, Object> clusterPolicy(List<Explanation.PolicyBlock> blocks) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Explanation.PolicyBlock block : blocks) {
            Map<String, Object> described = new LinkedHashMap<>();
            putAll(described, "asked", block.asked());
            put(described, "inForce", block.inForce());
            map.put(block.name(), described);
        }
        return map;
    }

    private static Map<String, Object> limit(LimitUse use) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("limit", use.limited().word());
        map.put("field", use.field());
        map.put("inUse", use.inUse());
        map.put("most", use.most());
        return map;
    }

    private static Map<String, Object> fault(Explanation.Fault fault) {
        Map<String, Object> map = new LinkedHashMap<>();
        put(map, "delayMs", fault.delay() == null ? null : fault.delay().toMillis());
        put(map, "abortStatus", fault.abortStatus() == 0 ? null : fault.abortStatus());
        return map;
    }

    private static Map<String, Object> state(EndpointState endpoint) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("address", endpoint.hostPort());
        map.put("state", endpoint.state());
        map.put("weight", endpoint.weight());
        map.put("activeRequests", endpoint.activeRequests());
        map.put("labels", new TreeMap<>(endpoint.labels()));
        return map;
    }

    private static Map<String, Object> candidate(Explanation.Candidate candidate) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("cluster", candidate.cluster());
        map.put("weight", candidate.weight());
        map.put("chosen", candidate.chosen());
        return map;
    }

    private static Map<String, Object> verdict(Explanation.RouteVerdict verdict) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", verdict.name());
        map.put("origin", verdict.origin().toString());
        map.put("matched", verdict.matched());
        map.put("reason", verdict.reason());
        return map;
    }

    private static Map<String, List<String>> shown(Map<String, List<String>> headers) {
        Map<String, List<String>> shown = new TreeMap<>();
        headers.forEach((name, values) -> shown.put(
                name,
                SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches()
                        ? values.stream().map(value -> HIDDEN).toList()
                        : values));
        return shown;
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static void put(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    static Map<String, Object> client(ClientBean bean) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", bean.name());
        map.put("type", bean.type());
        map.put("meshed", bean.meshed());
        if (bean.leftAlone() != null) {
            map.put("why", bean.leftAlone());
        }
        if (bean.remark() != null) {
            map.put("remark", bean.remark());
        }
        return map;
    }

    static void putAll(Map<String, Object> map, String key, Map<String, ?> values) {
        if (!values.isEmpty()) {
            map.put(key, values);
        }
    }
}
