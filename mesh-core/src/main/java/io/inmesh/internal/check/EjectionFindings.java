package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.OutlierDetection;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Outlier detection that ejects nobody, because a ServiceEntry has so few endpoints that one of them is too large a share.
 * How many pods a Service will have is not told by files.
 */
final class EjectionFindings {
    private final CheckContext context;
    private final Findings findings;

    EjectionFindings(CheckContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
    }

    void run() {
        for (DestinationRule rule : context.files.config().destinationRules()) {
            String host = context.full(rule.host(), rule);
            policy(rule, host, null, rule.trafficPolicy(), "spec.trafficPolicy");
            for (int i = 0; i < rule.subsets().size(); i++) {
                Subset subset = rule.subsets().get(i);
                policy(rule, host, subset, subset.trafficPolicy(), "spec.subsets[" + i + "].trafficPolicy");
            }
        }
    }

    private void policy(
            DestinationRule rule, String host, @Nullable Subset subset, @Nullable TrafficPolicy policy, String path) {
        if (policy == null) {
            return;
        }
        detection(rule, host, subset, policy.outlierDetection(), path);
        for (int i = 0; i < policy.portLevelSettings().size(); i++) {
            detection(
                    rule,
                    host,
                    subset,
                    policy.portLevelSettings().get(i).outlierDetection(),
                    path + ".portLevelSettings[" + i + "]");
        }
    }

    private void detection(
            DestinationRule rule,
            String host,
            @Nullable Subset subset,
            @Nullable OutlierDetection detection,
            String path) {
        if (detection == null || detection.countsNothing()) {
            return;
        }
        long endpoints = endpoints(host, subset == null ? Map.of() : subset.labels());
        if (endpoints > 0 && endpoints < detection.leastHosts()) {
            String whose = (subset == null ? "" : "subset " + subset.name() + " of ") + host;
            String percent = "maxEjectionPercent is " + detection.ejectionPercent()
                    + (detection.maxEjectionPercent() == 0 ? ", as nothing is given" : "");
            findings.warn(
                    ConfigCheck.EJECTS_NOBODY,
                    rule,
                    path + ".outlierDetection",
                    endpoints == 1
                            ? "the only endpoint of " + whose + " is never ejected: it is all of them, and " + percent
                            : "none of the " + endpoints + " endpoints of " + whose
                                    + " is ever ejected: one of them is " + (100 % endpoints == 0 ? "" : "more than ")
                                    + 100 / endpoints + " %, and " + percent,
                    "write maxEjectionPercent: " + leastPercent(endpoints) + ", with which "
                            + (endpoints == 1
                                    ? "it may be ejected; calls then fail at once"
                                    : "one of them may be ejected"));
        }
    }

    private static long leastPercent(long endpoints) {
        return (100 + endpoints - 1) / endpoints;
    }

    /** 0 where the files do not tell. */
    private long endpoints(String host, Map<String, String> labels) {
        List<ServiceEntry> written = context.entries.getOrDefault(host, List.of());
        boolean all = context.known.described(host).size() == written.size()
                && written.stream()
                        .allMatch(entry -> entry.resolution() == ServiceEntry.Resolution.STATIC
                                && entry.workloadSelector() == null);
        return !all
                ? 0
                : written.stream()
                        .flatMap(entry -> entry.endpoints().stream())
                        .filter(endpoint -> endpoint.labels().entrySet().containsAll(labels.entrySet()))
                        .count();
    }
}
