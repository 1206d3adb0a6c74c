package io.inmesh.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ejection of failing hosts (Istio: OutlierDetection). Null means not given, which differs from 0 (off). */
public record OutlierDetection(
        boolean splitExternalLocalOriginErrors,
        @Nullable Integer consecutiveLocalOriginFailures,
        @Nullable Integer consecutiveGatewayErrors,
        @Nullable Integer consecutive5xxErrors,
        @Nullable Duration interval,
        @Nullable Duration baseEjectionTime,
        int maxEjectionPercent,
        int minHealthPercent) {}
