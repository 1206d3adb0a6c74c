package io.inmesh.explain;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often and when an attempt is followed by another. Made by {@link #builder}.
 *
 * @param attempts after the first one
 * @param on conditions in force, as Istio's {@code retryOn} has them; empty without attempts
 * @param perTryTimeout how long each attempt may take up to its response headers; null for as long as the call
 * @param backoff window of the first wait, which doubles up to ten times as much; null without attempts
 * @param sparesPreviousHosts whether a host that was tried is not tried again as long as there is another
 * @param notInForce what the rule asks for beyond that and has no effect, as written, by field of Istio's
 *     {@code HTTPRetry}
 */
public record Retries(
        int attempts,
        List<String> on,
        @Nullable Duration perTryTimeout,
        @Nullable Duration backoff,
        boolean sparesPreviousHosts,
        Map<String, String> notInForce) {
    public Retries {
        on = List.copyOf(on);
        notInForce = Collections.unmodifiableMap(new LinkedHashMap<>(notInForce));
    }

    /** Starts retries of which only the number is known. */
    public static Builder builder(int attempts) {
        return new Builder(attempts);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(attempts)
                .on(on)
                .perTryTimeout(perTryTimeout)
                .backoff(backoff)
                .sparesPreviousHosts(sparesPreviousHosts)
                .notInForce(notInForce);
    }

    /** Collects retries; not thread-safe. */
    public static final class Builder {
        private final int attempts;
        private List<String> on = List.of();
        private @Nullable Duration perTryTimeout;
        private @Nullable Duration backoff;
        private boolean sparesPreviousHosts = true;
        private Map<String, String> notInForce = Map.of();

        private Builder(int attempts) {
            this.attempts = attempts;
        }

        /** Conditions in force; none unless told. */
        public Builder on(List<String> newOn) {
            on = newOn;
            return this;
        }

        /** For each attempt, up to response headers; null for none. */
        public Builder perTryTimeout(@Nullable Duration newPerTryTimeout) {
            perTryTimeout = newPerTryTimeout;
            return this;
        }

        /** Window of the first wait; null without attempts. */
        public Builder backoff(@Nullable Duration newBackoff) {
            backoff = newBackoff;
            return this;
        }

        /** Whether another host is looked for first; true unless told. */
        public Builder sparesPreviousHosts(boolean newSparesPreviousHosts) {
            sparesPreviousHosts = newSparesPreviousHosts;
            return this;
        }

        /** What has no effect, by field; nothing unless told. */
        public Builder notInForce(Map<String, String> newNotInForce) {
            notInForce = newNotInForce;
            return this;
        }

        /** The retries. */
        public Retries build() {
            return new Retries(attempts, on, perTryTimeout, backoff, sparesPreviousHosts, notInForce);
        }
    }
}
