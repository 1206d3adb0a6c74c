package io.inmesh.internal.route;

import io.inmesh.call.Exchange;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * When an attempt is followed by another (Envoy: retry_state_impl.cc, wouldRetryFromHeaders and wouldRetryFromReset).
 * Immutable.
 */
public final class RetryConditions {
    /** Where a route says nothing (Istio: retry.go); of the statuses of gRPC those that say that nothing was done. */
    public static final RetryConditions DEFAULT =
            new RetryConditions(List.of("connect-failure", "refused-stream", "unavailable", "cancelled"), false);

    private static final String RATE_LIMITED_HEADER = "x-envoy-ratelimited";
    private static final String GRPC_STATUS_HEADER = "grpc-status";

    private final EnumSet<RetryCondition> conditions = EnumSet.noneOf(RetryCondition.class);
    private final Set<Integer> statuses = new TreeSet<>();
    private final boolean asksGrpc;
    private final boolean byRule;

    private RetryConditions(List<String> retryOn, boolean byRule) {
        for (String token : retryOn) {
            RetryCondition condition = RetryCondition.of(token);
            if (condition != null) {
                conditions.add(condition);
            } else if (token.chars().allMatch(c -> c >= '0' && c <= '9') && token.length() == 3) {
                statuses.add(Integer.valueOf(token));
            }
        }
        this.asksGrpc = conditions.stream().anyMatch(RetryCondition::isOfGrpc);
        this.byRule = byRule;
    }

    /**
     * Those of a rule.
     *
     * @param retryOn names and status codes; empty for {@link #DEFAULT}
     */
    static RetryConditions of(List<String> retryOn) {
        return retryOn.isEmpty() ? DEFAULT : new RetryConditions(retryOn, true);
    }

    /** Whether a rule names them, so that they hold for every method. */
    public boolean byRule() {
        return byRule;
    }

    /** Those that have an effect, as {@code retryOn} has them. */
    public List<String> inForce() {
        return Stream.concat(
                        conditions.stream()
                                .filter(condition -> !isWithoutEffect(condition))
                                .map(RetryCondition::text),
                        statuses.stream().map(String::valueOf))
                .toList();
    }

    /** Those that a rule names and that have none. */
    List<String> withoutEffect() {
        List<String> texts = new ArrayList<>();
        for (RetryCondition condition : conditions) {
            if (isWithoutEffect(condition) && !(condition == RetryCondition.RETRIABLE_STATUS_CODES)) {
                texts.add(condition.text());
            }
        }
        return texts;
    }

    private static boolean isWithoutEffect(RetryCondition condition) {
        return switch (condition) {
            case RETRIABLE_STATUS_CODES, RETRIABLE_HEADERS, HTTP3_POST_CONNECT_FAILURE -> true;
            default -> false;
        };
    }

    /** Whether an attempt may be followed by another though its server may have acted on it. */
    public boolean coverWhatWasSent() {
        return !statuses.isEmpty()
                || asksGrpc
                || coversAnyReset()
                || covers(RetryCondition.RETRIABLE_4XX)
                || covers(RetryCondition.RATE_LIMITED);
    }

    /** Whether another attempt follows one that ended like this, without an answer. */
    public boolean coverFailure(Outcome outcome) {
        if (outcome instanceof Outcome.NeverSent neverSent) {
            // What was refused or never connected has not sent its headers either.
            RetryCondition own = neverSent.flag() == ResponseFlag.UR
                    ? RetryCondition.REFUSED_STREAM
                    : RetryCondition.CONNECT_FAILURE;
            return covers(own) || coversAnyReset() || covers(RetryCondition.RESET_BEFORE_REQUEST);
        }
        if (outcome instanceof Outcome.Failed failed) {
            // The client's own timeout is, to Envoy, a caller that hangs up; what this side breaks is broken for each
            // host.
            return failed.flag() != ResponseFlag.DC && failed.flag() != ResponseFlag.LR && coversAnyReset();
        }
        return outcome instanceof Outcome.TimedOut && coversAnyReset();
    }

    /**
     * Whether another attempt follows one with this answer.
     *
     * @param status of the answer
     */
    public <R> boolean coverAnswer(Exchange<R> exchange, R response, int status) {
        boolean covered = coverStatus(status) || coverGrpcStatus(exchange, response);
        boolean coversLimited = covers(RetryCondition.RATE_LIMITED);
        return (covered || coversLimited) && (isRateLimited(exchange, response) ? coversLimited : covered);
    }

    /** Whether the server, or whoever stands before it, says that the caller has used up what it may. */
    public static <R> boolean isRateLimited(Exchange<R> exchange, R response) {
        return exchange.responseHeader(response, RATE_LIMITED_HEADER) != null;
    }

    private boolean coverStatus(int status) {
        if (status / 100 == 5) {
            boolean gateway = status >= 502 && status <= 504 && covers(RetryCondition.GATEWAY_ERROR);
            if (gateway || covers(RetryCondition.SERVER_ERROR)) {
                return true;
            }
        }
        return (status == 409 && covers(RetryCondition.RETRIABLE_4XX))
                || (!statuses.isEmpty() && statuses.contains(status));
    }

    /** Read from headers only, where it stands when there is nothing else in the answer. */
    private <R> boolean coverGrpcStatus(Exchange<R> exchange, R response) {
        String status = asksGrpc ? exchange.responseHeader(response, GRPC_STATUS_HEADER) : null;
        RetryCondition condition = status == null ? null : RetryCondition.ofGrpcStatus(status.strip());
        return condition != null && covers(condition);
    }

    private boolean coversAnyReset() {
        return covers(RetryCondition.RESET)
                || covers(RetryCondition.SERVER_ERROR)
                || covers(RetryCondition.GATEWAY_ERROR);
    }

    private boolean covers(RetryCondition condition) {
        return conditions.contains(condition);
    }
}
