package io.inmesh.servlet.internal.jwt;

import io.inmesh.servlet.internal.arrival.Token;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token that was found to be true.
 *
 * @param payload decoded, as it is
 * @param payloadPart of the token, as sent
 * @param rule by which it is true
 * @param keys with which it was checked
 * @param notBefore seconds since 1970; null for no bound
 * @param expires seconds since 1970; null for never
 */
record VerifiedToken(
        Token token,
        Map<String, Object> payload,
        String payloadPart,
        TokenRule rule,
        KeySet keys,
        @Nullable Double notBefore,
        @Nullable Double expires) {
    private static final double SKEW_SECONDS = 60;
    private static final long MAX_MILLIS = 1L << 50;

    /**
     * Fails where it is not the time of the token.
     *
     * @param nowMillis since 1970
     */
    void requireTime(long nowMillis) throws TokenRefused {
        requireTime(notBefore, expires, nowMillis);
    }

    /** Milliseconds since 1970 after which it is expired, with a bound that no clock reaches. */
    long lastMillis() {
        return expires == null ? MAX_MILLIS : (long) Math.min(MAX_MILLIS, (expires + SKEW_SECONDS) * 1000);
    }

    static void requireTime(@Nullable Double notBefore, @Nullable Double expires, long nowMillis) throws TokenRefused {
        double now = nowMillis / 1000.0;
        if (notBefore != null && now + SKEW_SECONDS < notBefore) {
            throw TokenRefused.because("Jwt not yet valid");
        }
        if (expires != null && now - SKEW_SECONDS >= expires) {
            throw TokenRefused.because("Jwt is expired");
        }
    }
}
