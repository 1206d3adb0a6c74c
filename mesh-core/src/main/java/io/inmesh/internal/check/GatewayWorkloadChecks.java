package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.SecretManifest;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.manifest.WorkloadManifest;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.ServerTlsSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Gateways want of the workloads that they select, where files describe these: that there are any (IST0101), a Service
 * with their ports (IST0162), and Secrets in their namespace (IST0101, IST0161). Of a Secret its place, its keys and whether
 * they hold what they should are looked at, and nothing of what they hold is told.
 */
final class GatewayWorkloadChecks {
    private static final String UNLESS = ", unless another file has it";

    private final Manifests manifests;
    private final Findings findings;
    private final GatewayWorkloads workloads;
    private final Map<Map<String, String>, Ports> portsBySelector = new HashMap<>();

    private GatewayWorkloadChecks(Manifests manifests, Findings findings) {
        this.manifests = manifests;
        this.findings = findings;
        workloads = new GatewayWorkloads(manifests);
    }

    static void check(MeshConfig config, Manifests manifests, Findings findings) {
        GatewayWorkloadChecks checks = new GatewayWorkloadChecks(manifests, findings);
        config.gateways().forEach(checks::gateway);
    }

    private void gateway(Gateway gateway) {
        List<WorkloadManifest> selected = workloads.of(gateway);
        if (selected.isEmpty()) {
            nearMiss(gateway);
            usualPorts(gateway);
        } else {
            ports(gateway, selected);
        }
        for (int i = 0; i < gateway.servers().size(); i++) {
            ServerTlsSettings tls = gateway.servers().get(i).tls();
            if (tls != null && tls.mode().endsHere() && tls.credentialName() != null) {
                secret(gateway, i, tls, tls.credentialName(), selected);
            }
        }
    }

    /** A gateway is often installed from elsewhere, so a selector is doubted only where it nearly fits. */
    private void nearMiss(Gateway gateway) {
        for (WorkloadManifest workload : manifests.workloads()) {
            NearLabels.Slip slip = NearLabels.between(gateway.selector(), workload.podLabels());
            if (slip != null) {
                findings.warn(
                        ConfigCheck.GATEWAY_WITHOUT_WORKLOADS,
                        gateway,
                        "spec.selector",
                        "no workload here has " + slip.wanted() + ", while " + workload + " ("
                                + workload.meta().origin() + ") has " + slip.meant()
                                + ": Istio has no gateway that serves this" + UNLESS,
                        "write " + slip.meant() + " if that workload is meant");
                return;
            }
        }
    }

    private void usualPorts(Gateway gateway) {
        for (int i = 0; i < gateway.servers().size() && gateway.selector().equals(GatewayWorkloads.USUAL); i++) {
            GatewayServer server = gateway.servers().get(i);
            if (!GatewayWorkloads.USUAL_PORTS.contains(server.port())) {
                String path = "spec.servers[" + i + "].port.number";
                findings.add(
                        ConfigCheck.GATEWAY_PORT_NOT_IN_SERVICE,
                        Severity.NOTE,
                        "Gateway " + gateway.meta().qualifiedName(),
                        path,
                        gateway.meta().originOf(path, server.origin()),
                        "the Service of the gateway that Istio itself installs has no port " + server.port()
                                + ": what comes through a Service reaches the server where yours has it",
                        "describe the gateway's workload and Service here to have this checked");
            }
        }
    }

    /**
     * What Services lead to.
     *
     * @param known whether all their ports are
     */
    private record Ports(Set<Integer> offered, Set<Integer> reached, boolean known) {}

    private Ports portsOf(List<WorkloadManifest> selected) {
        Set<Integer> reached = new TreeSet<>();
        Set<Integer> offered = new TreeSet<>();
        boolean known = true;
        for (WorkloadManifest workload : selected) {
            for (ServiceManifest service : workloads.servicesOf(workload)) {
                known &= service.allPortsRead();
                for (ServiceManifest.Port port : service.ports()) {
                    if (!port.transport().equals("TCP")) {
                        continue;
                    }
                    List<Integer> targets = targets(port, workload);
                    if (targets == null) {
                        known = false;
                        continue;
                    }
                    offered.add(port.number());
                    reached.add(port.number());
                    reached.addAll(targets);
                }
            }
        }
        return new Ports(offered, reached, known);
    }

    private void ports(Gateway gateway, List<WorkloadManifest> selected) {
        Ports ports = portsBySelector.computeIfAbsent(gateway.selector(), key -> portsOf(selected));
        Set<Integer> offered = ports.offered();
        Set<Integer> reached = ports.reached();
        if (!ports.known()) {
            return;
        }
        for (int i = 0; i < gateway.servers().size() && !offered.isEmpty(); i++) {
            GatewayServer server = gateway.servers().get(i);
            if (!reached.contains(server.port())) {
                findings.warn(
                        ConfigCheck.GATEWAY_PORT_NOT_IN_SERVICE,
                        gateway,
                        "spec.servers[" + i + "].port.number",
                        server.origin(),
                        "no Service of the gateway's workloads (" + selected.get(0) + ") leads to port " + server.port()
                                + ": what comes through a Service does not reach the server" + UNLESS,
                        "add the port to a Service, or use one of theirs: "
                                + offered.stream().map(String::valueOf).collect(Collectors.joining(", ")));
            }
        }
    }

    /** Null where the target is a number that no port has. */
    private static @Nullable List<Integer> targets(ServiceManifest.Port port, WorkloadManifest workload) {
        if (port.targetPort().isEmpty()) {
            return List.of();
        }
        if (port.hasTargetNumber()) {
            return port.targetNumber() == 0 ? null : List.of(port.targetNumber());
        }
        return workload.ports().stream()
                .filter(one -> one.name().equals(port.targetPort()))
                .map(WorkloadManifest.Port::number)
                .toList();
    }

    private void secret(
            Gateway gateway, int index, ServerTlsSettings tls, String name, List<WorkloadManifest> selected) {
        if (name.indexOf('/') >= 0) {
            return;
        }
        String path = "spec.servers[" + index + "].tls.credentialName";
        List<SecretManifest> named = manifests.secrets().stream()
                .filter(secret -> secret.meta().name().equals(name))
                .toList();
        if (selected.isEmpty()) {
            if (!named.isEmpty()) {
                content(gateway, path, tls, named.get(0));
            } else if (gateway.selector().equals(GatewayWorkloads.USUAL)) {
                absent(gateway, path, name, Set.of(ObjectMeta.ROOT_NAMESPACE), List.of());
            }
            return;
        }
        Set<String> namespaces = selected.stream()
                .map(workload -> workload.meta().namespace())
                .collect(Collectors.toCollection(TreeSet::new));
        List<SecretManifest> there = named.stream()
                .filter(secret -> namespaces.contains(secret.meta().namespace()))
                .toList();
        if (there.isEmpty()) {
            absent(gateway, path, name, namespaces, named);
        } else {
            content(gateway, path, tls, there.get(0));
        }
    }

    /** A Secret is missed where others of the namespace are described, or one of its name in another namespace. */
    private void absent(
            Gateway gateway, String path, String name, Set<String> namespaces, List<SecretManifest> elsewhere) {
        Set<String> others = manifests.secrets().stream()
                .filter(secret -> namespaces.contains(secret.meta().namespace()))
                .map(secret -> secret.meta().name())
                .collect(Collectors.toCollection(TreeSet::new));
        if (others.isEmpty() && elsewhere.isEmpty() || !manifests.unreadable().isEmpty()) {
            return;
        }
        String where = String.join(" or ", namespaces);
        String also = elsewhere.isEmpty()
                ? ""
                : " (" + elsewhere.get(0).meta().qualifiedName() + " is not read by a gateway of another namespace)";
        findings.warn(
                ConfigCheck.SECRET_NOT_FOUND,
                gateway,
                path,
                "there is no Secret " + MessageText.quote(name) + " in namespace " + where
                        + " here, where the gateway's workloads are" + also
                        + ": TLS connections to the server fail at Istio's gateways" + UNLESS,
                elsewhere.isEmpty()
                        ? MessageText.didYouMean(name, others, "correct the name, or describe the Secret there")
                        : "move it to namespace " + where);
    }

    private void content(Gateway gateway, String path, ServerTlsSettings tls, SecretManifest secret) {
        Set<String> keys = secret.keys();
        if (!secret.keysKnown()) {
            return;
        }
        String certificate = keys.contains("tls.crt") ? "tls.crt" : "cert";
        String key = keys.contains("tls.key") ? "tls.key" : "key";
        if (!keys.containsAll(Set.of("tls.crt", "tls.key")) && !keys.containsAll(Set.of("cert", "key"))) {
            invalid(
                    gateway,
                    path,
                    secret,
                    "has no tls.crt and tls.key",
                    "put a certificate and its key, in PEM, into the Secret's tls.crt and tls.key");
        } else if (secret.certificate() == SecretManifest.Content.BAD) {
            invalid(
                    gateway,
                    path,
                    secret,
                    "has no certificate in " + certificate,
                    "put a certificate, in PEM, into the Secret's " + certificate);
        } else if (secret.privateKey() == SecretManifest.Content.BAD) {
            invalid(
                    gateway,
                    path,
                    secret,
                    "has no private key in " + key,
                    "put the certificate's key, in PEM, into the Secret's " + key);
        } else if (tls.mode() == ServerTlsSettings.Mode.MUTUAL && !hasAuthority(secret)) {
            invalid(
                    gateway,
                    path,
                    secret,
                    "has no ca.crt for the certificates of clients, nor is there a Secret "
                            + secret.meta().name() + "-cacert",
                    "put the authority's certificate, in PEM, into the Secret's ca.crt");
        }
    }

    private void invalid(Gateway gateway, String path, SecretManifest secret, String what, String fix) {
        findings.warn(
                ConfigCheck.INVALID_SECRET,
                gateway,
                path,
                "Secret " + secret.meta().qualifiedName() + " ("
                        + secret.meta().origin() + ") " + what
                        + ": TLS connections to the server fail at Istio's gateways",
                fix);
    }

    private boolean hasAuthority(SecretManifest secret) {
        return secret.keys().contains("ca.crt")
                || secret.keys().contains("cacert")
                || manifests.secrets().stream()
                        .anyMatch(other ->
                                other.meta().name().equals(secret.meta().name() + "-cacert"));
    }
}
