package io.inmesh.event;

import io.inmesh.endpoint.Endpoint;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host that one cluster gives no calls for a while because of what came of the calls before (Envoy: outlier detection).
 * Immutable.
 *
 * @param cluster {@code outbound|port|subset|fqdn}; other clusters with the host go on using it
 * @param endpoint the host as it was then
 * @param errors how many there were in a row
 * @param since wall clock
 * @param until when the host gets calls again, wall clock; later when the rule changes meanwhile
 * @param count how many times the shortest ejection it lasts: one more for each ejection, one less for each interval
 *     without one
 */
public record Ejection(
        String cluster, Endpoint endpoint, Reason reason, int errors, Instant since, Instant until, int count) {
    /** What ejects a host. */
    public enum Reason {
        /** Answers with a status from 500 to 599, and what counts as one. */
        CONSECUTIVE_5XX("5xx errors"),
        /** Answers 502, 503 and 504, and what counts as one. */
        CONSECUTIVE_GATEWAY_ERRORS("gateway errors"),
        /** Attempts without an answer, where a rule has them counted apart. */
        CONSECUTIVE_LOCAL_ORIGIN_FAILURES("local-origin failures");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** Value of tags: {@code consecutive_5xx}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why, for people: {@code 5 consecutive 5xx errors}. */
    public String because() {
        return errors + " consecutive " + reason.words;
    }

    /** Starts an ejection of a host from a cluster. */
    public static Builder builder(String cluster, Endpoint endpoint) {
        return new Builder(cluster, endpoint);
    }

    /** Collects an ejection; not thread-safe. */
    public static final class Builder {
        private final String cluster;
        private final Endpoint endpoint;
        private Reason reason = Reason.CONSECUTIVE_5XX;
        private int errors;
        private @Nullable Instant since;
        private @Nullable Instant until;
        private int count = 1;

        private Builder(String cluster, Endpoint endpoint) {
            this.cluster = cluster;
            this.endpoint = endpoint;
        }

        /** Why. */
        public Builder reason(Reason newReason, int newErrors) {
            reason = newReason;
            errors = newErrors;
            return this;
        }

        /** From when to when. */
        public Builder between(Instant newSince, Instant newUntil) {
            since = newSince;
            until = newUntil;
            return this;
        }

        /** 1 unless told. */
        public Builder count(int newCount) {
            count = newCount;
            return this;
        }

        /** The ejection; its times must have been told. */
        public Ejection build() {
            return new Ejection(
                    cluster,
                    endpoint,
                    reason,
                    errors,
                    Objects.requireNonNull(since, "since"),
                    Objects.requireNonNull(until, "until"),
                    count);
        }
    }
}
