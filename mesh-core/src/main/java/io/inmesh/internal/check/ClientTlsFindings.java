package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.model.ClientTlsSettings;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/** TLS of DestinationRules by which a server is not known to be the right one. */
final class ClientTlsFindings {
    private final CheckContext context;
    private final Findings findings;

    ClientTlsFindings(CheckContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
    }

    void run() {
        for (DestinationRule rule : context.files.config().destinationRules()) {
            policy(rule, rule.trafficPolicy(), "spec.trafficPolicy");
            for (int i = 0; i < rule.subsets().size(); i++) {
                Subset subset = rule.subsets().get(i);
                policy(rule, subset.trafficPolicy(), "spec.subsets[" + i + "].trafficPolicy");
            }
        }
    }

    private void policy(DestinationRule rule, @Nullable TrafficPolicy policy, String path) {
        if (policy == null) {
            return;
        }
        tls(ConfigCheck.TLS_WITHOUT_CA, rule, policy.tls(), path + ".tls", "");
        for (int i = 0; i < policy.portLevelSettings().size(); i++) {
            TrafficPolicy.PortTrafficPolicy port = policy.portLevelSettings().get(i);
            tls(
                    ConfigCheck.PORT_TLS_WITHOUT_CA,
                    rule,
                    port.tls(),
                    path + ".portLevelSettings[" + i + "].tls",
                    " at port " + port.port());
        }
    }

    private void tls(
            ConfigCheck check, DestinationRule rule, @Nullable ClientTlsSettings tls, String path, String where) {
        if (tls == null
                || tls.mode() != ClientTlsSettings.Mode.SIMPLE && tls.mode() != ClientTlsSettings.Mode.MUTUAL
                || isGiven(tls.caCertificates())
                || Boolean.TRUE.equals(tls.insecureSkipVerify())
                || isGiven(tls.credentialName()) && rule.workloadSelector() != null) {
            return;
        }
        findings.warn(
                check,
                rule,
                path + ".mode",
                "TLS to " + rule.host() + where + " has mode " + tls.mode()
                        + " and no caCertificates: sidecars of Istio before 1.21, or with VERIFY_CERTIFICATE_AT_CLIENT"
                        + " off, take any certificate there, so anybody can answer their calls",
                "add caCertificates; those of a sidecar's operating system are /etc/ssl/certs/ca-certificates.crt");
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
