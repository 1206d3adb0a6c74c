package io.inmesh.telemetry.accesslog;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.StartedCall.Handling;
import org.jspecify.annotations.Nullable;

/** What has made an answer, in the words of Envoy (ResponseCodeDetails). */
final class CodeDetails {
    private static final String VIA_UPSTREAM = "via_upstream";
    private static final String DIRECT = "direct_response";
    private static final int UNAUTHORIZED = 401;

    private CodeDetails() {}

    /**
     * Of a call.
     *
     * @param headers whether there were response headers
     * @param last how the last attempt has ended; null without one
     * @return null where Envoy has no word
     */
    static @Nullable String ofCall(
            Handling handling, int status, @Nullable ResponseFlag flag, boolean headers, @Nullable Outcome last) {
        if (flag == ResponseFlag.URX || (flag == ResponseFlag.UO && last != null)) {
            return ofLast(last, headers);
        }
        if (flag != null) {
            return ofFlag(flag, status, headers);
        }
        if (handling == Handling.ANSWERED) {
            return DIRECT;
        }
        return handling == Handling.FORWARDED && last == null ? null : VIA_UPSTREAM;
    }

    /** Of a call after whose last attempt no other was made. */
    private static String ofLast(@Nullable Outcome last, boolean headers) {
        if (last instanceof Outcome.NeverSent neverSent) {
            return reset(neverSent.flag(), false);
        }
        if (last instanceof Outcome.TimedOut) {
            return "upstream_per_try_timeout";
        }
        return last instanceof Outcome.Failed failed ? reset(failed.flag(), headers) : VIA_UPSTREAM;
    }

    /** Of a request that an application has answered, or that was not let in to it. */
    static @Nullable String ofRequest(int status, @Nullable ResponseFlag flag) {
        return flag == null ? VIA_UPSTREAM : ofFlag(flag, status, status != 0);
    }

    private static @Nullable String ofFlag(ResponseFlag flag, int status, boolean headers) {
        return switch (flag) {
            case UH -> "no_healthy_upstream";
            case NR -> "route_not_found";
            case NC -> "cluster_not_found";
            case UT -> "response_timeout";
            case SI -> "stream_idle_timeout";
            case DC -> "downstream_remote_disconnect";
            case FI -> "fault_filter_abort";
            case RL -> "local_rate_limited";
            case UAEX -> status == UNAUTHORIZED ? "jwt_authn_access_denied" : "rbac_access_denied";
            case DPE -> "codec_error";
            case OM -> "overload";
            case BLOCKED -> DIRECT;
            case UF, UO, UC, UR, URX, UPE, LR, DF -> reset(flag, headers);
            case UNEXECUTED, DI -> null;
        };
    }

    private static String reset(ResponseFlag flag, boolean headers) {
        String why = switch (flag) {
            case UF -> "remote_connection_failure";
            case UO -> "overflow";
            case UC -> "connection_termination";
            case UPE -> "protocol_error";
            case LR -> "local_reset";
            case DF -> "dns_resolution_failure";
            default -> "remote_reset";
        };
        return (headers ? "upstream_reset_after_response_started{" : "upstream_reset_before_response_started{") + why
                + "}";
    }
}
