package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.WorkloadEntry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Turns a ServiceEntry that passed {@link ServiceEntryRules} into its record. */
final class ServiceEntryRecords {
    private ServiceEntryRecords() {}

    static ServiceEntry serviceEntry(ObjectMeta meta, Message spec) {
        String location = spec.string("location");
        String resolution = spec.string("resolution");
        Message selector = spec.message("workloadSelector");
        return ServiceEntry.builder(meta, spec.strings("hosts"))
                .addresses(spec.strings("addresses"))
                .ports(spec.messages("ports").stream()
                        .map(ServiceEntryRecords::port)
                        .toList())
                .location(
                        location.isEmpty()
                                ? ServiceEntry.Location.MESH_EXTERNAL
                                : ServiceEntry.Location.valueOf(location))
                .resolution(
                        resolution.isEmpty()
                                ? ServiceEntry.Resolution.NONE
                                : ServiceEntry.Resolution.valueOf(resolution))
                .endpoints(spec.messages("endpoints").stream()
                        .map(ServiceEntryRecords::endpoint)
                        .toList())
                .workloadSelector(selector == null ? null : selector.stringMap("labels"))
                .exportTo(spec.strings("exportTo"))
                .subjectAltNames(spec.strings("subjectAltNames"))
                .build();
    }

    private static ServiceEntry.Port port(Message port) {
        return new ServiceEntry.Port(
                port.integer("number"),
                port.string("protocol").toUpperCase(Locale.ROOT),
                port.string("name"),
                port.integer("targetPort"));
    }

    static WorkloadEntry endpoint(Message endpoint) {
        return WorkloadEntry.builder(endpoint.string("address"))
                .ports(ports(endpoint.map("ports")))
                .labels(endpoint.stringMap("labels"))
                .network(VirtualServiceRecords.blankToNull(endpoint.string("network")))
                .locality(VirtualServiceRecords.blankToNull(endpoint.string("locality")))
                .weight(endpoint.integer("weight"))
                .serviceAccount(VirtualServiceRecords.blankToNull(endpoint.string("serviceAccount")))
                .origin(endpoint.place().origin())
                .build();
    }

    private static Map<String, Integer> ports(Map<String, Value> ports) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        ports.forEach((name, number) -> numbers.put(name, (int) number.number()));
        return numbers;
    }
}
