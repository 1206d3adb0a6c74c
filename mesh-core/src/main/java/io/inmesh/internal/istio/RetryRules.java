package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio requires of a retry policy (pkg/config/validation: validateHTTPRetry). */
final class RetryRules {
    private static final Set<String> CONDITIONS = Set.of(
            "5xx",
            "gateway-error",
            "reset",
            "reset-before-request",
            "connect-failure",
            "retriable-4xx",
            "refused-stream",
            "retriable-status-codes",
            "retriable-headers",
            "envoy-ratelimited",
            "http3-post-connect-failure",
            "cancelled",
            "deadline-exceeded",
            "internal",
            "resource-exhausted",
            "unavailable");

    /** Conditions that speak of what no rule can name, or of what is not HTTP/1.1 or HTTP/2. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("retriable-status-codes", "retriable-headers", "http3-post-connect-failure");

    /** Status codes that Go's HTTP library has a text for. */
    private static final Set<Integer> STATUSES = Set.of(
            100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307,
            308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421,
            422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511);

    private final RuleChecks checks;

    RetryRules(RuleChecks checks) {
        this.checks = checks;
    }

    void check(@Nullable Message retries) {
        if (retries == null) {
            return;
        }
        long attempts = retries.number("attempts");
        if (attempts < 0) {
            checks.error(retries.place("attempts"), "attempts must not be negative", "write 0 for no retries");
        }
        String retryOn = retries.string("retryOn");
        if (attempts == 0
                && (retries.has("perTryTimeout") || !retryOn.isEmpty() || retries.has("retryRemoteLocalities"))) {
            checks.error(
                    retries.place(),
                    "the retries are off (attempts is 0), and yet there are settings for them",
                    "set attempts, or remove the other fields");
        }
        checks.duration(retries, "perTryTimeout");
        checks.duration(retries, "backoff");
        if (!retryOn.isEmpty()) {
            for (String condition : retryOn.split(",", -1)) {
                condition(condition, retries.place("retryOn"));
            }
            if (Arrays.stream(retryOn.split(",", -1)).allMatch(WITHOUT_EFFECT::contains)) {
                checks.warning(
                        retries.place("retryOn"),
                        "nothing is repeated for " + retryOn + " alone",
                        "name statuses, such as 503, or conditions such as 5xx and connect-failure");
            }
        }
    }

    private void condition(String condition, Place place) {
        if (CONDITIONS.contains(condition) || isStatus(condition)) {
            return;
        }
        String fix = condition.strip().equals(condition)
                ? MessageText.didYouMean(condition, CONDITIONS, "write a condition such as 5xx or a status such as 503")
                : "write the list without spaces, as Istio wants it";
        checks.error(place, MessageText.quote(condition) + " is not a retry condition", fix);
    }

    private static boolean isStatus(String text) {
        return text.length() == 3
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && STATUSES.contains(Integer.valueOf(text));
    }
}
