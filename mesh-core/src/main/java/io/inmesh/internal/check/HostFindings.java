package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.manifest.RuleManifest;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The hosts that rules are for: such as no service has, and such as carry no HTTP. */
final class HostFindings {
    private final CheckContext context;
    private final KnownHosts known;
    private final Findings findings;

    HostFindings(CheckContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
        known = context.known;
    }

    void run() {
        for (VirtualService service : context.files.config().virtualServices()) {
            if (!RouteUsers.onlyGateways(service)) {
                for (int i = 0; i < service.hosts().size(); i++) {
                    virtualService(service, service.hosts().get(i), "spec.hosts[" + i + "]");
                }
            }
        }
        for (DestinationRule rule : context.files.config().destinationRules()) {
            destinationRule(rule.meta(), rule.host(), "the rule has no effect");
        }
        for (RuleManifest rule : context.refused) {
            if (rule.kind().equals("DestinationRule")) {
                rule.hosts().forEach(host -> destinationRule(rule.meta(), host, "the rule would have no effect"));
            }
        }
    }

    private void virtualService(VirtualService service, String written, String path) {
        String host = context.full(written, service);
        portsWithoutHttp(service, host, path);
        String near = known.isKnown(host) ? null : known.misspelt(host, List.of());
        if (near != null) {
            unknown(
                    ConfigCheck.HOST_NOT_FOUND,
                    "VirtualService",
                    service.meta(),
                    path,
                    host,
                    "the rule concerns calls to this name alone",
                    fix(known, host, written, near, context.files));
        }
    }

    /** Routes for HTTP do nothing at ports that carry something else, which with Services their names decide. */
    private void portsWithoutHttp(VirtualService service, String host, String path) {
        List<ServicePort> ports = known.portsOf(host);
        if (service.http().isEmpty() || ports.isEmpty() || ports.stream().anyMatch(ServicePort::isHttp)) {
            return;
        }
        String listed = ports.stream()
                .map(port -> port.number() + (port.name().isEmpty() ? "" : " " + MessageText.quote(port.name()))
                        + " is " + port.protocol())
                .collect(Collectors.joining(", "));
        findings.warn(
                ConfigCheck.NO_HTTP_PORT,
                service,
                path,
                "no port of " + host + " carries HTTP (" + listed + "): the http routes concern no call to it",
                "if it speaks HTTP, begin the port's name with http-, or say so by appProtocol of a Service or protocol of"
                        + " a ServiceEntry");
    }

    private void destinationRule(ObjectMeta meta, String written, String consequence) {
        String host = context.full(written, meta.namespace());
        if (host.startsWith("*") || known.isKnown(host)) {
            return;
        }
        boolean routedHere = context.routed.contains(host) && !context.files.knowsAllServices();
        String near = known.misspelt(host, routedHere ? List.of() : context.routed);
        if (near != null || !routedHere && known.isMissed(host, written)) {
            unknown(
                    ConfigCheck.RULE_HOST_NOT_FOUND,
                    "DestinationRule",
                    meta,
                    "spec.host",
                    host,
                    consequence,
                    fix(known, host, written, near, context.files));
        }
    }

    private void unknown(
            ConfigCheck check, String kind, ObjectMeta meta, String path, String host, String consequence, String fix) {
        findings.add(
                check,
                Severity.WARNING,
                kind + " " + meta.qualifiedName(),
                path,
                meta.originOf(path, meta.origin()),
                "no service here has the host " + host + ": " + consequence + context.unlessKnown(),
                fix);
    }

    /**
     * What to do about a host that is not known.
     *
     * @param near a name one typo away; null for none
     */
    static String fix(KnownHosts known, String host, String written, @Nullable String near, CheckedFiles files) {
        String longer = ServiceName.inCluster(host, files.clusterDomain());
        if (known.hasExactly(longer)) {
            return "write " + longer;
        }
        String elsewhere = known.elsewhere(host, written);
        if (near != null) {
            return "did you mean " + MessageText.quote(near) + "?";
        }
        return elsewhere != null
                ? "a short name is one of the rule's own namespace: write " + elsewhere + " if that is meant"
                : "correct the name, describe the service, or name it with --known-hosts";
    }
}
