package io.inmesh.config;

import io.inmesh.config.Message.Value;
import io.inmesh.model.HeaderFormat;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fields that Istio executes and this version of InMesh does not: refused by name, or a warning when the reader is
 * lenient. Values that do nothing in Istio either are fine.
 */
final class NotExecuted {
    /** What every such problem says; its path names the field. */
    static final String MESSAGE = "field is valid in Istio but not executed by this version of InMesh";

    private static final String FIX = "remove it, or set unsupported fields to warn";

    private final ProblemList problems;
    private final boolean lenient;

    NotExecuted(ProblemList problems, boolean lenient) {
        this.problems = problems;
        this.lenient = lenient;
    }

    void virtualService(Message spec) {
        if (!VirtualServiceRules.appliesToMesh(spec)) {
            problems.note(
                    spec.place("gateways"),
                    "the rule applies to gateways only, not to calls of this application",
                    "add mesh to the gateways to apply it here too");
            return;
        }
        nonEmpty(spec, "tls");
        nonEmpty(spec, "tcp");
        for (Message route : spec.messages("http")) {
            route(route);
        }
    }

    void destinationRule(Message spec) {
        policy(spec.message("trafficPolicy"));
        for (Message subset : spec.messages("subsets")) {
            policy(subset.message("trafficPolicy"));
        }
    }

    void serviceEntry(Message spec) {
        if (ServiceEntryRules.resolution(spec).equals("DYNAMIC_DNS")) {
            refuse(spec, "resolution");
        }
        for (Message endpoint : spec.messages("endpoints")) {
            String address = endpoint.string("address");
            if (address.startsWith(ServiceEntryRules.UNIX)) {
                refuse(endpoint, "address");
            } else if (address.isEmpty() && !endpoint.string("network").isEmpty()) {
                refuse(endpoint, "network");
            }
        }
    }

    private void route(Message route) {
        headers(route.message("headers"));
        route.messages("route").forEach(destination -> headers(destination.message("headers")));
        given(route, "mirror");
        nonEmpty(route, "mirrors");
        given(route, "corsPolicy");
        Message fault = route.message("fault");
        Message abort = fault == null ? null : fault.message("abort");
        if (abort != null) {
            given(abort, "grpcStatus");
        }
        Message retries = route.message("retries");
        if (retries != null && retries.number("attempts") > 0) {
            problems.warning(
                    retries.place(),
                    "only attempts that were never sent are retried so far; conditions and timeouts for each try are"
                            + " not executed by this version of InMesh",
                    "set attempts: 0 to have no retries at all");
        }
    }

    private void headers(@Nullable Message headers) {
        for (String direction : List.of("request", "response")) {
            Message operations = headers == null ? null : headers.message(direction);
            if (operations != null) {
                operations.map("set").values().forEach(this::headerValue);
                operations.map("add").values().forEach(this::headerValue);
            }
        }
    }

    private void headerValue(Value value) {
        List<HeaderFormat.NotExecuted> commands;
        try {
            commands = HeaderFormat.parse(value.string()).notExecuted();
        } catch (IllegalArgumentException e) {
            // The rules have said so.
            return;
        }
        if (!commands.isEmpty()) {
            HeaderFormat.NotExecuted first = commands.get(0);
            String message = "%" + first.written() + "% is a command of Envoy's: " + first.why();
            if (lenient) {
                problems.warning(value.place(), message, "the header is left as it is");
            } else {
                problems.error(value.place(), message, FIX);
            }
        }
    }

    private void policy(@Nullable Message policy) {
        if (policy == null) {
            return;
        }
        blocks(policy);
        given(policy, "tunnel");
        given(policy, "proxyProtocol");
        given(policy, "retryBudget");
        policy.messages("portLevelSettings").forEach(this::blocks);
    }

    private void blocks(Message policy) {
        given(policy, "outlierDetection");
        Message pool = policy.message("connectionPool");
        if (pool != null && (limits(pool.message("tcp")) || limits(pool.message("http")))) {
            refuse(policy, "connectionPool");
        }
        Message tls = policy.message("tls");
        if (tls != null && !Set.of("", "DISABLE").contains(tls.string("mode"))) {
            refuse(policy, "tls");
        }
        Message settings = policy.message("loadBalancer");
        if (settings != null) {
            given(settings, "consistentHash");
            given(settings, "backendUtilization");
            given(settings, "warmup");
            given(settings, "warmupDurationSecs");
            locality(settings, "localityLbSetting");
            locality(settings, "zoneAwareLbSetting");
        }
    }

    /** Whether any field of a pool differs from Istio's default. */
    private static boolean limits(@Nullable Message settings) {
        if (settings == null) {
            return false;
        }
        for (String field : settings.given()) {
            boolean nothing = switch (field) {
                case "h2UpgradePolicy" -> settings.string(field).equals("DEFAULT");
                case "useClientProtocol" -> !settings.bool(field);
                case "tcpKeepalive", "http2KeepAlive" -> isEmpty(settings.message(field));
                case "idleTimeout", "connectTimeout", "maxConnectionDuration" ->
                    Duration.ZERO.equals(settings.duration(field));
                default -> settings.number(field) == 0;
            };
            if (!nothing) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEmpty(@Nullable Message message) {
        return message == null || message.isEmpty();
    }

    /** Switched off, or nothing said, is what InMesh does. */
    private void locality(Message settings, String field) {
        Message setting = settings.message(field);
        if (setting == null || setting.isEmpty() || Boolean.FALSE.equals(setting.boolOrNull("enabled"))) {
            return;
        }
        boolean lists = List.of("distribute", "failover", "failoverPriority").stream()
                .anyMatch(list -> setting.type().field(list) != null
                        && !setting.list(list).isEmpty());
        if (lists || field.equals("zoneAwareLbSetting")) {
            refuse(settings, field);
        }
    }

    private void nonEmpty(Message message, String field) {
        if (!message.list(field).isEmpty()) {
            refuse(message, field);
        }
    }

    private void given(Message message, String field) {
        if (message.has(field)) {
            refuse(message, field);
        }
    }

    private void refuse(Message message, String field) {
        if (lenient) {
            problems.warning(message.place(field), MESSAGE, "it has no effect here");
        } else {
            problems.error(message.place(field), MESSAGE, FIX);
        }
    }
}
