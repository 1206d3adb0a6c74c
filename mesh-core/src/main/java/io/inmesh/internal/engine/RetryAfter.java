package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import java.util.concurrent.TimeUnit;

/** How long a server asks not to be asked again (RFC 9110, 10.2.3; Envoy: rate_limited_retry_back_off, format SECONDS). */
final class RetryAfter {
    /** Who asks for longer gets no further attempt of this call. */
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final String HEADER = "retry-after";
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** 0 where an answer asks for nothing, for no time, or by a date. */
    static <R> long nanos(Exchange<R> exchange, R response) {
        String value = exchange.responseHeader(response, HEADER);
        String digits = value == null ? "" : value.strip();
        if (digits.isEmpty() || digits.length() > MOST_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return TimeUnit.SECONDS.toNanos(Long.parseLong(digits));
    }
}
