package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.WorkloadManifest;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayName;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.RequestAuthentication;
import io.inmesh.model.VirtualService;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Matches on claims of tokens at gateways where no RequestAuthentication says whose tokens are believed (IST0149). */
final class ClaimChecks {
    private static final String CLAIMS = "@request.auth.claims";

    private final MeshConfig config;
    private final Findings findings;
    private final GatewayWorkloads workloads;
    private final Map<GatewayName, Gateway> gateways = new HashMap<>();

    private ClaimChecks(MeshConfig config, Manifests manifests, Findings findings) {
        this.config = config;
        this.findings = findings;
        workloads = new GatewayWorkloads(manifests);
        config.gateways().forEach(gateway -> gateways.put(gateway.gatewayName(), gateway));
    }

    static void check(MeshConfig config, Manifests manifests, Findings findings) {
        long written = manifests.rules().stream()
                .filter(rule -> rule.kind().equals("RequestAuthentication"))
                .count();
        if (written <= config.requestAuthentications().size()
                && manifests.unreadable().isEmpty()) {
            ClaimChecks checks = new ClaimChecks(config, manifests, findings);
            config.virtualServices().forEach(checks::rule);
        }
    }

    private void rule(VirtualService service) {
        for (int i = 0; i < service.http().size(); i++) {
            HttpRoute route = service.http().get(i);
            for (int j = 0; j < route.match().size(); j++) {
                HttpMatchRequest match = route.match().get(j);
                String path = "spec.http[" + i + "].match[" + j + "]";
                if (hasClaim(match.headers().keySet())) {
                    match(service, match, path + ".headers", "the match never holds");
                } else if (hasClaim(match.withoutHeaders().keySet())) {
                    match(service, match, path + ".withoutHeaders", "nothing is excluded by it");
                }
            }
        }
    }

    private static boolean hasClaim(Collection<String> headers) {
        return headers.stream().anyMatch(name -> name.startsWith(CLAIMS));
    }

    private void match(VirtualService service, HttpMatchRequest match, String path, String consequence) {
        List<String> used = match.gateways().isEmpty() ? service.gateways() : match.gateways();
        for (String written : used) {
            Gateway gateway = gateways.get(GatewayHosts.name(written, service));
            if (gateway != null && config.requestAuthentications().stream().noneMatch(one -> isFor(one, gateway))) {
                findings.warn(
                        ConfigCheck.CLAIM_WITHOUT_AUTHENTICATION,
                        service,
                        path,
                        match.origin(),
                        "no RequestAuthentication here is for the workloads of Gateway " + gateway.gatewayName()
                                + ", so no token is believed there: " + consequence + ", unless another file has one",
                        "add a RequestAuthentication with the issuer's jwtRules for them");
                return;
            }
        }
    }

    private boolean isFor(RequestAuthentication authentication, Gateway gateway) {
        String namespace = authentication.meta().namespace();
        Map<String, String> labels = authentication.workloads().labels();
        List<WorkloadManifest> selected = workloads.of(gateway);
        if (authentication.jwtRules().isEmpty()
                || !authentication.workloads().targets().isEmpty()) {
            return false;
        }
        if (selected.isEmpty()) {
            return labels.entrySet().stream()
                    .allMatch(label -> gateway.selector()
                            .getOrDefault(label.getKey(), label.getValue())
                            .equals(label.getValue()));
        }
        return selected.stream()
                .anyMatch(workload -> workload.has(labels)
                        && (namespace.equals(ObjectMeta.ROOT_NAMESPACE)
                                || namespace.equals(workload.meta().namespace())));
    }
}
