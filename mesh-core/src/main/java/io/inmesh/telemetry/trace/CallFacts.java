package io.inmesh.telemetry.trace;

import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.RequestHead;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.model.Authority;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the spans of a call say of it, in the words of OpenTelemetry's semantic conventions (http/http-spans.md, v1.44) and,
 * under {@code mesh.}, our own. Immutable.
 */
final class CallFacts {
    static final String LOGICAL = "mesh.call";
    static final String RETRY = "mesh.retry";

    /** The event of a second attempt beside the first. */
    static final String HEDGE = "mesh.hedge";

    private static final String OTHER = "_OTHER";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final int FIRST_ERROR = 400;

    private final String method;
    private final String scheme;
    private final String authority;
    private final String virtualService;
    private final String route;
    private final String subset;

    CallFacts(StartedCall call) {
        RequestHead head = call.head();
        this.method = head.method();
        this.scheme = head.scheme();
        this.authority = head.authority();
        this.virtualService = call.virtualService();
        this.route = call.route();
        this.subset = subset(call.cluster());
    }

    /** The third part of {@code outbound|port|subset|fqdn}; empty without one. */
    private static String subset(@Nullable String cluster) {
        if (cluster == null) {
            return "";
        }
        int start = cluster.indexOf('|', cluster.indexOf('|') + 1) + 1;
        int end = cluster.indexOf('|', start);
        return start > 0 && end > start ? cluster.substring(start, end) : "";
    }

    /** Name of the span of an attempt: one of few. */
    String spanName() {
        return METHODS.contains(method) ? method : "HTTP";
    }

    /** Of the span around all attempts. */
    void describeCall(SpanAttributes to) {
        describe(authority, to);
        describeDecision(to);
    }

    /** What rules have to do with it. */
    void describeDecision(SpanAttributes to) {
        put("mesh.virtual_service", virtualService, to);
        put("mesh.route", route, to);
        put("mesh.subset", subset, to);
    }

    void describeAttempt(StartedAttempt attempt, SpanAttributes to) {
        describe(attempt.authority(), to);
        to.put("url.full", RedactedUrl.of(scheme, attempt.authority(), attempt.pathAndQuery()));
        Endpoint endpoint = attempt.endpoint();
        if (endpoint != null) {
            to.put("network.peer.address", endpoint.address());
            to.put("network.peer.port", endpoint.port());
        }
        if (attempt.number() > 1) {
            to.put("http.request.resend_count", attempt.number() - 1);
        }
        to.put("mesh.attempt", attempt.number());
        describeDecision(to);
    }

    private void describe(String calledAuthority, SpanAttributes to) {
        if (METHODS.contains(method)) {
            to.put("http.request.method", method);
        } else {
            to.put("http.request.method", OTHER);
            to.put("http.request.method_original", method);
        }
        to.put("server.address", serverAddress(calledAuthority));
        int port = Authority.port(calledAuthority, scheme);
        if (port > 0) {
            to.put("server.port", port);
        }
    }

    static String serverAddress(String authority) {
        return Authority.of(authority).hostWithoutBrackets();
    }

    private static void put(String name, String value, SpanAttributes to) {
        if (!value.isEmpty()) {
            to.put(name, value);
        }
    }

    /**
     * Says how an attempt has ended.
     *
     * @param statusAtHeaders 0 when no headers came
     * @param traffic of the attempt
     * @return what is wrong, for people, empty where the status says it all; null when nothing is
     */
    static @Nullable String describeEnd(
            EndedAttempt attempt, int statusAtHeaders, AttemptTraffic traffic, SpanAttributes to) {
        String protocol = traffic.protocol();
        put("network.protocol.version", protocol.substring(protocol.indexOf('/') + 1), to);
        Outcome outcome = attempt.outcome();
        int status = outcome.status() > 0 ? outcome.status() : statusAtHeaders;
        return describeEnd(status, outcome.flag(), reason(outcome), to);
    }

    /** The same for a call. */
    static @Nullable String describeEnd(EndedCall call, SpanAttributes to) {
        ResponseFlag flag = call.flag();
        if (call.attempts() > 1) {
            to.put("http.request.resend_count", call.attempts() - 1);
        }
        return describeEnd(call.status(), flag, flag == null ? "" : flag.text(), to);
    }

    private static @Nullable String describeEnd(
            int status, @Nullable ResponseFlag flag, String reason, SpanAttributes to) {
        if (status > 0) {
            to.put("http.response.status_code", status);
        }
        if (flag != null) {
            to.put("mesh.flag", flag.name());
            to.put("error.type", errorType(flag));
            return reason;
        }
        if (status >= FIRST_ERROR) {
            to.put("error.type", Integer.toString(status));
            return "";
        }
        return null;
    }

    private static String errorType(ResponseFlag flag) {
        return switch (flag) {
            case UT -> "timeout";
            case DC -> "canceled";
            default -> flag.name();
        };
    }

    private static String reason(Outcome outcome) {
        if (outcome instanceof Outcome.NeverSent neverSent) {
            return neverSent.reason();
        }
        if (outcome instanceof Outcome.Failed failed) {
            return failed.reason();
        }
        ResponseFlag flag = outcome.flag();
        return flag == null ? "" : flag.text();
    }

    /** Why there is another attempt, in a word. */
    static String why(Retry retry) {
        ResponseFlag flag = retry.outcome().flag();
        return flag == null ? Integer.toString(retry.outcome().status()) : flag.name();
    }
}
