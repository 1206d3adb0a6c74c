package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Ports of ServiceEntries: protocols that contradict each other, and connections that only addresses tell apart. */
final class ServiceEntryFindings {
    private final CheckContext context;
    private final Findings warnings;
    private final Findings notes;

    /** Ports of hosts in the order of precedence. */
    private final Map<HostPort, List<Declared>> ports = new HashMap<>();

    private final Set<ServiceEntry> winners = new HashSet<>();

    /** Entries to which istiod has given addresses. */
    private final Set<Origin> allocated = new HashSet<>();

    private record HostPort(String host, int port) {}

    private record Declared(ServiceEntry entry, int index, String protocol) {
        String path() {
            return "spec.ports[" + index + "]";
        }

        boolean isHttp() {
            return new ServicePort(1, "", protocol).isHttp();
        }

        String named() {
            return "ServiceEntry " + entry.meta().qualifiedName() + " ("
                    + entry.meta().originOf(path(), entry.meta().origin()) + ")";
        }

        String words() {
            return protocol.isEmpty() ? "of no told protocol" : protocol;
        }
    }

    ServiceEntryFindings(CheckContext context, Findings warnings, Findings notes) {
        this.context = context;
        this.warnings = warnings;
        this.notes = notes;
        context.files.manifests().rules().stream()
                .filter(rule -> rule.meta().fields().containsKey("status.addresses"))
                .forEach(rule -> allocated.add(rule.meta().origin()));
    }

    void run() {
        for (ServiceEntry entry : context.files.config().serviceEntries().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .toList()) {
            Set<HostPort> told = new HashSet<>();
            for (int i = 0; i < entry.ports().size(); i++) {
                ServiceEntry.Port port = entry.ports().get(i);
                Declared declared = new Declared(entry, i, port.protocol().toUpperCase(Locale.ROOT));
                for (String host : entry.hosts()) {
                    HostPort key = new HostPort(host.toLowerCase(Locale.ROOT), port.number());
                    List<Declared> earlier = ports.computeIfAbsent(key, k -> new ArrayList<>());
                    if (told.add(key)) {
                        earlier.stream()
                                .filter(first ->
                                        !first.protocol().equals(declared.protocol()) && meet(first.entry(), entry))
                                .findFirst()
                                .ifPresent(first -> conflict(key, first, declared));
                    }
                    earlier.add(declared);
                }
            }
            addresses(entry);
        }
    }

    private void conflict(HostPort at, Declared first, Declared second) {
        String port = "port " + at.port() + " of " + at.host();
        String http = first.isHttp() == second.isHttp()
                ? ""
                : first.isHttp() ? ", and http routes act there" : ", and http routes do not act there";
        boolean same =
                first.entry().meta().namespace().equals(second.entry().meta().namespace());
        String who = same
                ? "callers that see both take the former, which "
                        + first.entry().precedes(second.entry()) + http
                : "callers of a namespace that has one of the two take that one, all others the former, which "
                        + first.entry().precedes(second.entry());
        warnings.warn(
                ConfigCheck.CONFLICTING_PROTOCOLS,
                second.entry(),
                second.path(),
                port + " is " + first.words() + " in " + first.named() + " and " + second.words() + " here: " + who,
                "give it the same protocol in both");
        if (winners.add(first.entry())) {
            notes.add(
                    ConfigCheck.CONFLICTING_PROTOCOLS,
                    Severity.NOTE,
                    "ServiceEntry " + first.entry().meta().qualifiedName(),
                    first.path(),
                    first.entry()
                            .meta()
                            .originOf(first.path(), first.entry().meta().origin()),
                    port + " is " + first.words() + " here and " + second.words() + " in " + second.named()
                            + ", where there is a warning",
                    "");
        }
    }

    /** Whether some namespace sees both. */
    private static boolean meet(ServiceEntry a, ServiceEntry b) {
        return Stream.of(a, b)
                .flatMap(entry -> Stream.concat(Stream.of(entry.meta().namespace()), entry.exportTo().stream()))
                .filter(namespace -> !namespace.equals("."))
                .anyMatch(namespace -> sees(a, namespace) && sees(b, namespace));
    }

    private static boolean sees(ServiceEntry entry, String namespace) {
        return HostNames.isVisible(entry.exportTo(), entry.meta().namespace(), namespace);
    }

    private void addresses(ServiceEntry entry) {
        if (!entry.addresses().isEmpty() || allocated.contains(entry.meta().origin())) {
            return;
        }
        for (int i = 0; i < entry.ports().size(); i++) {
            ServiceEntry.Port port = entry.ports().get(i);
            if (port.protocol().isEmpty() || port.protocol().equalsIgnoreCase("TCP")) {
                String path = "spec.ports[" + i + "]";
                notes.add(
                        ConfigCheck.ADDRESSES_REQUIRED,
                        Severity.NOTE,
                        "ServiceEntry " + entry.meta().qualifiedName(),
                        path,
                        entry.meta().originOf(path, entry.meta().origin()),
                        "port " + port.number() + (port.protocol().isEmpty() ? " has no protocol" : " is TCP")
                                + " and the ServiceEntry has no addresses: calls of this application come by name and"
                                + " are not concerned, but a sidecar to which istiod gives no address takes every"
                                + " connection to this port for this service",
                        port.protocol().isEmpty() ? "write the port's protocol, or add addresses" : "add addresses");
                return;
            }
        }
    }
}
