package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.text.MessageText;
import java.util.Set;

/** Ports of Kubernetes' Services whose names tell no protocol. Notes, as calls follow the protocol of their caller. */
final class ServiceFindings {
    /** Namespaces of the installation, whose Services are not their user's. */
    private static final Set<String> OF_THE_SYSTEM =
            Set.of("istio-system", "kube-system", "kube-public", "kube-node-lease", "local-path-storage");

    /** On Services that Istio makes of a Kubernetes Gateway. */
    private static final String MANAGED = "gateway.istio.io/managed";

    private final CheckContext context;
    private final Findings notes;

    ServiceFindings(CheckContext context, Findings notes) {
        this.context = context;
        this.notes = notes;
    }

    void run() {
        for (ServiceManifest service : context.files.manifests().services()) {
            if (!OF_THE_SYSTEM.contains(service.meta().namespace())
                    && !service.meta().labels().containsKey(MANAGED)) {
                service.ports().forEach(port -> port(service, port));
            }
        }
    }

    private void port(ServiceManifest service, ServiceManifest.Port port) {
        boolean told = !port.toServicePort().protocol().isEmpty();
        if (service.isAlias() ? told && !port.name().equals("tcp") : told) {
            return;
        }
        String path = "spec.ports[" + port.index() + "]";
        String name = port.name().isEmpty()
                ? "port " + port.number() + " has no name"
                : "the name " + MessageText.quote(port.name()) + " of port " + port.number()
                        + (told ? " says TCP" : " tells no protocol");
        notes.add(
                service.isAlias() ? ConfigCheck.EXTERNAL_NAME_PORT : ConfigCheck.PORT_NAME,
                Severity.NOTE,
                "Service " + service.meta().qualifiedName(),
                path,
                service.meta().originOf(path + ".name", service.meta().origin()),
                service.isAlias()
                        ? name + ", which in a Service of type ExternalName lets a sidecar take every connection to"
                                + " this port for it; calls of this application "
                                + (told ? "pass by rules for HTTP" : "go by name and follow the caller")
                        : name + ": calls are taken for what the caller speaks, and a sidecar looks at the first bytes",
                "begin the name with http-, grpc-, https- or what else it speaks, or write appProtocol");
    }
}
