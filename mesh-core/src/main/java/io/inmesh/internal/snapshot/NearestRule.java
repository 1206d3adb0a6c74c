package io.inmesh.internal.snapshot;

import io.inmesh.call.RequestHead;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.SkippedField;
import io.inmesh.model.Subset;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** For explain: rules that are written and do not act on a host that is known, and what of a rule does not act. */
final class NearestRule {
    private final Background background;

    NearestRule(Background background) {
        this.background = background;
    }

    /** What a host is that a call of this process names, and why VirtualServices that have it do not route it. */
    List<String> host(RequestHead head, VirtualHost host) {
        List<String> story = new ArrayList<>();
        story.add(head.authority() + " is " + host.name() + " at port " + host.port()
                + (host.virtualService().isEmpty()
                        ? ", which no VirtualService routes"
                        : ", routed by VirtualService " + host.virtualService() + " (" + host.origin() + ")"));
        if (!host.alias().isEmpty()) {
            story.add(host.alias() + " is an alias of " + host.name());
        }
        if (host.ofInstances()) {
            story.add(head.authority() + " is an instance of " + host.calledName()
                    + ", which is called at its own address where a route leads to " + host.name());
        }
        story.addAll(virtualServices(host));
        return story;
    }

    private List<String> virtualServices(VirtualHost host) {
        List<String> hints = new ArrayList<>();
        ServiceEndpoints service = background.visible().get(host.name());
        String tcp = service == null ? "" : carriesNoHttp(service, host.port());
        for (VirtualService rule : background.config().virtualServices()) {
            if (!rule.meta().qualifiedName().equals(host.virtualService())) {
                rule.hosts().stream()
                        .map(written -> virtualService(rule, written, host, tcp))
                        .filter(hint -> !hint.isEmpty())
                        .findFirst()
                        .ifPresent(hints::add);
            }
        }
        return hints;
    }

    private String virtualService(VirtualService rule, String written, VirtualHost host, String tcp) {
        String full = background.resolve(written, rule.meta());
        String subject = Background.named("VirtualService", rule.meta()) + " has host " + written + ", but ";
        if (background.isNamesake(full, host.name())) {
            return host.virtualService().isEmpty()
                    ? subject + "it means " + full + ": write the full name " + host.name() + " there"
                    : "";
        }
        boolean exact = full.equals(host.name());
        if (!ServiceName.covers(full, host.name())
                || !exact && !host.virtualService().isEmpty()) {
            return "";
        }
        String obstacle = NearestHost.obstacle(rule, background);
        if (!obstacle.isEmpty()) {
            return subject + obstacle;
        }
        if (!host.virtualService().isEmpty()) {
            return subject + "VirtualService " + host.virtualService() + " has it too and comes first";
        }
        return tcp.isEmpty() ? subject + "none of its routes is for this caller and port" : subject + tcp;
    }

    private static String carriesNoHttp(ServiceEndpoints service, int number) {
        for (ServicePort port : service.ports()) {
            if (port.number() == number && !port.isHttp()) {
                return "port " + number + (port.name().isEmpty() ? "" : " (" + port.name() + ")") + " of "
                        + service.service().host() + " counts as TCP because its protocol is " + port.protocol()
                        + ", and HTTP rules do not act there: if it carries HTTP, give it protocol HTTP, or in a cluster"
                        + " a name such as http-" + (port.name().isEmpty() ? "web" : port.name());
            }
        }
        return "";
    }

    /** Why DestinationRules that have the host are not in force for it. */
    List<String> destinationRules(String fullName) {
        List<String> hints = new ArrayList<>();
        ServiceEndpoints service = background.visible().get(fullName);
        for (DestinationRule rule : background.config().destinationRules()) {
            String hint = destinationRule(rule, fullName, service == null ? "" : service.namespace());
            if (!hint.isEmpty()) {
                hints.add(Background.named("DestinationRule", rule.meta()) + " has host " + rule.host() + ", but "
                        + hint);
            }
        }
        return hints;
    }

    private String destinationRule(DestinationRule rule, String fullName, String serviceNamespace) {
        ObjectMeta meta = rule.meta();
        String full = background.resolve(rule.host(), meta);
        if (background.isNamesake(full, fullName)) {
            return "it means " + full + ": write the full name " + fullName + " there";
        }
        if (!ServiceName.covers(full, fullName)) {
            return "";
        }
        String own = background.self().namespace();
        if (!meta.namespace().equals(own) && !background.sees(rule.exportTo(), meta.namespace())) {
            return background.notExported(rule.exportTo());
        }
        Map<String, String> selector = rule.workloadSelector();
        if (selector != null && !background.self().labels().entrySet().containsAll(selector.entrySet())) {
            return "it is for callers with labels " + selector;
        }
        List<String> looked = List.of(own, serviceNamespace, ObjectMeta.ROOT_NAMESPACE);
        return looked.contains(meta.namespace())
                ? ""
                : "it is in namespace " + meta.namespace() + ", and only those of the caller's namespace " + own
                        + ", the service's " + serviceNamespace + " and " + ObjectMeta.ROOT_NAMESPACE + " count";
    }

    /** What comes nearest to a subset that no rule in force defines. */
    List<String> subsets(String fullName, String wanted) {
        List<String> hints = new ArrayList<>();
        ServiceEndpoints service = background.visible().get(fullName);
        if (service != null) {
            List<String> names = List.copyOf(
                    background.destinations().forService(service).subsets().keySet());
            if (!names.isEmpty()) {
                String nearest = MessageText.misspelt(wanted, names);
                hints.add("its subsets are " + String.join(", ", names)
                        + (nearest == null ? "" : ": did you mean " + nearest + "?"));
            }
        }
        boolean defined = background.config().destinationRules().stream()
                .flatMap(rule -> rule.subsets().stream())
                .map(Subset::name)
                .anyMatch(wanted::equals);
        if (defined) {
            hints.addAll(destinationRules(fullName));
        }
        if (hints.isEmpty()) {
            hints.add("it has no subsets: add a DestinationRule with host " + fullName + " and subset " + wanted
                    + ", or leave the subset out of the route");
        }
        return hints;
    }

    /** What of the rules that act on a call is not executed. */
    List<String> skipped(String virtualService, List<String> destinationRules, String service) {
        List<String> hints = new ArrayList<>();
        for (VirtualService rule : background.config().virtualServices()) {
            if (rule.meta().qualifiedName().equals(virtualService)) {
                skipped("VirtualService", rule.meta(), hints);
                rule.http().stream()
                        .map(HttpRoute::delegate)
                        .filter(Objects::nonNull)
                        .distinct()
                        .forEach(delegate -> delegate(
                                Objects.requireNonNullElse(
                                        delegate.namespace(), rule.meta().namespace()),
                                delegate.name(),
                                hints));
            }
        }
        for (DestinationRule rule : background.config().destinationRules()) {
            if (destinationRules.contains(rule.meta().qualifiedName())) {
                skipped("DestinationRule", rule.meta(), hints);
            }
        }
        background.config().serviceEntries().stream()
                .filter(entry -> entry.hosts().stream().anyMatch(host -> ServiceName.covers(host, service)))
                .forEach(entry -> skipped("ServiceEntry", entry.meta(), hints));
        return hints;
    }

    private void delegate(String namespace, String name, List<String> hints) {
        background.config().virtualServices().stream()
                .filter(rule -> rule.meta().qualifiedName().equals(namespace + "/" + name))
                .forEach(rule -> skipped("VirtualService", rule.meta(), hints));
    }

    private static void skipped(String kind, ObjectMeta meta, List<String> hints) {
        for (SkippedField field : meta.skipped()) {
            hints.add(kind + " " + meta.qualifiedName() + ": " + field);
        }
    }
}
