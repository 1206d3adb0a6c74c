package io.inmesh.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ejection of failing hosts (Istio: OutlierDetection). Null means not given, which differs from 0 (off).
 *
 * @param httpErrorCodes the statuses that count as errors, in place of 500 to 599; empty when not given (Istio:
 *     outlierDetectionHttpErrorCodes)
 */
public record OutlierDetection(
        boolean splitExternalLocalOriginErrors,
        @Nullable Integer consecutiveLocalOriginFailures,
        @Nullable Integer consecutiveGatewayErrors,
        @Nullable Integer consecutive5xxErrors,
        @Nullable Duration interval,
        @Nullable Duration baseEjectionTime,
        int maxEjectionPercent,
        int minHealthPercent,
        List<Integer> httpErrorCodes) {
    private static final int DEFAULT_EJECTION_PERCENT = 10;

    /**
     * Copies.
     *
     * @throws IllegalArgumentException when one of the codes is not from 100 to 599
     */
    public OutlierDetection {
        httpErrorCodes = List.copyOf(httpErrorCodes);
        for (int code : httpErrorCodes) {
            if (code < 100 || code > 599) {
                throw new IllegalArgumentException(code + " is not an HTTP status: give codes from 100 to 599");
            }
        }
    }

    /** How many of a hundred hosts may be ejected at once, Envoy's 10 where nothing is given. */
    public int ejectionPercent() {
        return maxEjectionPercent == 0 ? DEFAULT_EJECTION_PERCENT : maxEjectionPercent;
    }

    /** The least number of hosts of which one may be ejected: of fewer, one is too large a share. */
    public int leastHosts() {
        return (100 + ejectionPercent() - 1) / ejectionPercent();
    }

    /** Whether no row of errors ejects a host, however long it is. */
    public boolean countsNothing() {
        return isOff(consecutive5xxErrors, false)
                && isOff(consecutiveGatewayErrors, true)
                && !splitExternalLocalOriginErrors;
    }

    private static boolean isOff(@Nullable Integer errors, boolean offWhereNothingIsGiven) {
        return errors == null ? offWhereNothingIsGiven : errors == 0;
    }

    /** Starts a detection in which nothing is given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .splitExternalLocalOriginErrors(splitExternalLocalOriginErrors)
                .consecutiveLocalOriginFailures(consecutiveLocalOriginFailures)
                .consecutiveGatewayErrors(consecutiveGatewayErrors)
                .consecutive5xxErrors(consecutive5xxErrors)
                .interval(interval)
                .baseEjectionTime(baseEjectionTime)
                .maxEjectionPercent(maxEjectionPercent)
                .minHealthPercent(minHealthPercent)
                .httpErrorCodes(httpErrorCodes);
    }

    /** Collects a detection; not thread-safe. */
    public static final class Builder {
        private boolean splitExternalLocalOriginErrors;
        private @Nullable Integer consecutiveLocalOriginFailures;
        private @Nullable Integer consecutiveGatewayErrors;
        private @Nullable Integer consecutive5xxErrors;
        private @Nullable Duration interval;
        private @Nullable Duration baseEjectionTime;
        private int maxEjectionPercent;
        private int minHealthPercent;
        private List<Integer> httpErrorCodes = List.of();

        private Builder() {}

        /** Whether attempts that got no answer are counted apart. */
        public Builder splitExternalLocalOriginErrors(boolean newSplitExternalLocalOriginErrors) {
            splitExternalLocalOriginErrors = newSplitExternalLocalOriginErrors;
            return this;
        }

        /** Null when not given. */
        public Builder consecutiveLocalOriginFailures(@Nullable Integer newConsecutiveLocalOriginFailures) {
            consecutiveLocalOriginFailures = newConsecutiveLocalOriginFailures;
            return this;
        }

        /** Null when not given. */
        public Builder consecutiveGatewayErrors(@Nullable Integer newConsecutiveGatewayErrors) {
            consecutiveGatewayErrors = newConsecutiveGatewayErrors;
            return this;
        }

        /** Null when not given. */
        public Builder consecutive5xxErrors(@Nullable Integer newConsecutive5xxErrors) {
            consecutive5xxErrors = newConsecutive5xxErrors;
            return this;
        }

        /** Null when not given. */
        public Builder interval(@Nullable Duration newInterval) {
            interval = newInterval;
            return this;
        }

        /** Null when not given. */
        public Builder baseEjectionTime(@Nullable Duration newBaseEjectionTime) {
            baseEjectionTime = newBaseEjectionTime;
            return this;
        }

        /** 0 to 100; 0 when not given. */
        public Builder maxEjectionPercent(int newMaxEjectionPercent) {
            maxEjectionPercent = newMaxEjectionPercent;
            return this;
        }

        /** 0 to 100; 0 when not given. */
        public Builder minHealthPercent(int newMinHealthPercent) {
            minHealthPercent = newMinHealthPercent;
            return this;
        }

        /** Statuses from 100 to 599; empty when not given. */
        public Builder httpErrorCodes(List<Integer> newHttpErrorCodes) {
            httpErrorCodes = newHttpErrorCodes;
            return this;
        }

        /**
         * The detection.
         *
         * @throws IllegalArgumentException when one of the codes is not from 100 to 599
         */
        public OutlierDetection build() {
            return new OutlierDetection(
                    splitExternalLocalOriginErrors,
                    consecutiveLocalOriginFailures,
                    consecutiveGatewayErrors,
                    consecutive5xxErrors,
                    interval,
                    baseEjectionTime,
                    maxEjectionPercent,
                    minHealthPercent,
                    httpErrorCodes);
        }
    }
}
