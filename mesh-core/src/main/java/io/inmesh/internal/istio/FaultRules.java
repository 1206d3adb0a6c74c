package io.inmesh.internal.istio;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio requires of an injected fault (pkg/config/validation: validateHTTPFaultInjection). */
final class FaultRules {
    private static final Set<String> GRPC_STATUSES = Set.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    private final RuleChecks checks;

    FaultRules(RuleChecks checks) {
        this.checks = checks;
    }

    void check(@Nullable Message fault) {
        if (fault == null) {
            return;
        }
        Message delay = fault.message("delay");
        Message abort = fault.message("abort");
        if (delay == null && abort == null) {
            checks.error(fault.place(), "the fault has neither delay nor abort", "add one, or remove the fault");
        }
        if (delay != null) {
            delay(delay);
        }
        if (abort != null) {
            abort(abort);
        }
    }

    private void delay(Message delay) {
        faultPercentage(delay.message("percentage"));
        if (delay.has("exponentialDelay")) {
            checks.error(delay.place("exponentialDelay"), "Istio does not support exponentialDelay", "use fixedDelay");
        } else if (delay.has("fixedDelay")) {
            checks.duration(delay, "fixedDelay");
        } else {
            checks.warning(delay.place(), "a delay without fixedDelay does nothing", "add fixedDelay");
        }
        if (delay.has("percent") && !delay.has("percentage")) {
            checks.warning(
                    ConfigCheck.DEPRECATED,
                    delay.place("percent"),
                    "percent is deprecated",
                    "write percentage: {value: …}");
        } else if (!delay.has("percentage")) {
            checks.warning(delay.place(), "a fault without percentage never happens", "add percentage: {value: 100}");
        }
    }

    private void abort(Message abort) {
        faultPercentage(abort.message("percentage"));
        if (abort.has("http2Error")) {
            checks.error(abort.place("http2Error"), "Istio does not support http2Error", "use httpStatus");
        } else if (abort.has("grpcStatus")) {
            if (!GRPC_STATUSES.contains(abort.string("grpcStatus"))) {
                checks.error(
                        abort.place("grpcStatus"),
                        MessageText.quote(abort.string("grpcStatus")) + " is not a gRPC status",
                        MessageText.didYouMean(
                                abort.string("grpcStatus"), GRPC_STATUSES, "write a name such as NOT_FOUND"));
            }
        } else if (abort.has("httpStatus")) {
            checks.status(abort.number("httpStatus"), abort.place("httpStatus"));
        } else {
            checks.warning(abort.place(), "an abort without status does nothing", "add httpStatus");
            return;
        }
        if (!abort.has("percentage")) {
            checks.warning(abort.place(), "a fault without percentage never happens", "add percentage: {value: 100}");
        }
    }

    private void faultPercentage(@Nullable Message percentage) {
        Double value = percentage == null ? null : percentage.doubleOrNull("value");
        if (percentage != null && value != null && (value < 0 || value > 100 || (value > 0 && value < 0.0001))) {
            checks.error(
                    percentage.place("value"),
                    "the percentage " + value + " is neither 0 nor between 0.0001 and 100",
                    "write a number up to 100");
        }
    }
}
