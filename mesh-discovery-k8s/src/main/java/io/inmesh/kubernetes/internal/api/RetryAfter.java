package io.inmesh.kubernetes.internal.api;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After} (RFC 9110, section 10.2.3). */
final class RetryAfter {
    private RetryAfter() {}

    /**
     * Reads the header.
     *
     * @param value seconds or a date, null when absent
     * @param serverDate the answer's {@code Date}, null when absent; a date is counted from there, so that the two clocks
     *     need not agree
     * @param now used where there is no {@code Date}
     * @return null when absent, unreadable or not in the future
     */
    static @Nullable Duration parse(@Nullable String value, @Nullable String serverDate, Instant now) {
        if (value == null) {
            return null;
        }
        String text = value.strip();
        Duration wait =
                text.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : until(text, serverDate, now);
        return wait == null || wait.isNegative() || wait.isZero() ? null : wait;
    }

    private static @Nullable Duration until(String text, @Nullable String serverDate, Instant now) {
        Instant date = date(text);
        if (date == null) {
            return null;
        }
        Instant from = serverDate == null ? null : date(serverDate.strip());
        return Duration.between(from == null ? now : from, date);
    }

    private static @Nullable Instant date(String text) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
        } catch (DateTimeParseException unreadable) {
            return null;
        }
    }
}
