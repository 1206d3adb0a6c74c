package io.inmesh.internal.control;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.MeshConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is in force once the first snapshot is there.
 *
 * @param inbound policies that concern this workload
 * @param places in which rules were looked for
 * @param endpointSources by name
 */
record StartReport(
        String namespace,
        MeshConfig config,
        InboundPolicy inbound,
        List<ServiceEndpoints> services,
        List<Place> places,
        List<String> endpointSources) {
    /**
     * A place where rules may be.
     *
     * @param objects how many rules it has
     * @param whyEmpty why it has none; empty when nobody knows
     */
    record Place(String name, int objects, String whyEmpty) {}

    /**
     * One line for people.
     *
     * @param emptyPlaces where else rules were looked for and are not, with the reason
     */
    String text(Map<String, String> emptyPlaces) {
        List<Place> everywhere = new ArrayList<>();
        emptyPlaces.forEach((place, why) -> everywhere.add(new Place(place, 0, why)));
        everywhere.addAll(places);
        StringBuilder text = new StringBuilder();
        String rules = Stream.of(
                        count(config.virtualServices().size(), "VirtualService", "VirtualServices"),
                        count(config.destinationRules().size(), "DestinationRule", "DestinationRules"),
                        count(config.serviceEntries().size(), "ServiceEntry", "ServiceEntries"),
                        count(config.workloadEntries().size(), "WorkloadEntry", "WorkloadEntries"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        String comingIn = Stream.of(
                        count(config.gateways().size(), "Gateway", "Gateways"),
                        count(inbound.authorizations().size(), "AuthorizationPolicy", "AuthorizationPolicies"),
                        count(inbound.authentications().size(), "RequestAuthentication", "RequestAuthentications"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        if (rules.isEmpty() && services.isEmpty() && comingIn.isEmpty()) {
            text.append("Nothing is in force in namespace ")
                    .append(namespace)
                    .append(": no rules and no services, so calls go out as if there were no mesh");
        } else {
            text.append("In force in namespace ")
                    .append(namespace)
                    .append(": ")
                    .append(rules.isEmpty() ? "no rules" : rules)
                    .append("; ")
                    .append(knownServices());
            if (!comingIn.isEmpty()) {
                // Not all who have rules ask them: an application that only calls does not.
                text.append("; for what comes in, where a gateway or filter asks: ")
                        .append(comingIn);
            }
        }
        sources(text, everywhere);
        nothingYet(text, everywhere);
        return text.append('.').toString();
    }

    private String knownServices() {
        Set<ServiceName> all = new HashSet<>();
        Set<ServiceName> served = new HashSet<>();
        for (ServiceEndpoints service : services) {
            all.add(service.service());
            if (service.state() != ServiceEndpoints.State.ENDPOINTS
                    || service.endpoints().values().stream().anyMatch(endpoints -> !endpoints.isEmpty())) {
                served.add(service.service());
            }
        }
        int without = all.size() - served.size();
        return (all.isEmpty() ? "no services" : count(all.size(), "service", "services"))
                + (without == 0 ? "" : " (" + without + " without endpoints)");
    }

    private void sources(StringBuilder text, List<Place> everywhere) {
        List<String> full = everywhere.stream()
                .filter(place -> place.objects() > 0)
                .map(place -> place.name() + " (" + place.objects() + ")")
                .toList();
        if (!full.isEmpty()) {
            text.append("; rules from ").append(String.join(", ", full));
        }
        if (!endpointSources.isEmpty()) {
            text.append("; services also from ").append(String.join(", ", endpointSources));
        }
    }

    private static void nothingYet(StringBuilder text, List<Place> everywhere) {
        List<String> empty = new ArrayList<>();
        for (Place place : everywhere) {
            if (place.objects() == 0) {
                empty.add(
                        place.name() + " (" + (place.whyEmpty().isEmpty() ? "no rules there" : place.whyEmpty()) + ")");
            }
        }
        if (!empty.isEmpty()) {
            text.append("; nothing yet: ").append(String.join(", ", empty));
        } else if (everywhere.isEmpty()) {
            text.append("; nothing yet: no source of rules is set up");
        }
    }

    private static String count(int number, String one, String several) {
        return number == 0 ? "" : number + " " + (number == 1 ? one : several);
    }
}
