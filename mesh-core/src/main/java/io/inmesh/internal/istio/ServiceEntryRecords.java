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
        return new ServiceEntry(
                meta,
                spec.strings("hosts"),
                spec.strings("addresses"),
                spec.messages("ports").stream().map(ServiceEntryRecords::port).toList(),
                location.isEmpty() ? ServiceEntry.Location.MESH_EXTERNAL : ServiceEntry.Location.valueOf(location),
                resolution.isEmpty() ? ServiceEntry.Resolution.NONE : ServiceEntry.Resolution.valueOf(resolution),
                spec.messages("endpoints").stream()
                        .map(ServiceEntryRecords::endpoint)
                        .toList(),
                selector == null ? null : selector.stringMap("labels"),
                spec.strings("exportTo"),
                spec.strings("subjectAltNames"));
    }

    private static ServiceEntry.Port port(Message port) {
        return new ServiceEntry.Port(
                port.integer("number"),
                port.string("protocol").toUpperCase(Locale.ROOT),
                port.string("name"),
                port.integer("targetPort"));
    }

    static WorkloadEntry endpoint(Message endpoint) {
        return new WorkloadEntry(
                endpoint.string("address"),
                ports(endpoint.map("ports")),
                endpoint.stringMap("labels"),
                VirtualServiceRecords.blankToNull(endpoint.string("network")),
                VirtualServiceRecords.blankToNull(endpoint.string("locality")),
                endpoint.integer("weight"),
                VirtualServiceRecords.blankToNull(endpoint.string("serviceAccount")),
                endpoint.place().origin());
    }

    private static Map<String, Integer> ports(Map<String, Value> ports) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        ports.forEach((name, number) -> numbers.put(name, (int) number.number()));
        return numbers;
    }
}
