package io.inmesh.kubernetes.internal.table;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Services as JSON in the snapshot file. */
final class SavedServices {
    private SavedServices() {}

    static void write(List<ServiceEndpoints> services, JsonWriter json) throws IOException {
        json.beginArray();
        for (ServiceEndpoints service : services) {
            json.beginObject();
            json.name("service").value(service.service().host());
            json.name("namespace").value(service.namespace());
            json.name("state").value(service.state().name());
            write("addresses", service.addresses(), json);
            write("exportTo", service.exportTo(), json);
            json.name("ports").beginArray();
            for (ServicePort port : service.ports()) {
                write(port, service.endpoints().getOrDefault(port.number(), List.of()), json);
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private static void write(ServicePort port, List<Endpoint> endpoints, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("number").value(port.number());
        json.name("name").value(port.name());
        json.name("protocol").value(port.protocol());
        json.name("endpoints").beginArray();
        for (Endpoint endpoint : endpoints) {
            json.beginObject();
            json.name("id").value(endpoint.id());
            json.name("address").value(endpoint.address());
            json.name("port").value(endpoint.port());
            json.name("locality").value(endpoint.locality().toString());
            json.name("weight").value(endpoint.weight());
            json.name("labels").beginObject();
            for (Map.Entry<String, String> label : endpoint.labels().entrySet()) {
                json.name(label.getKey()).value(label.getValue());
            }
            json.endObject();
            json.name("condition").value(endpoint.condition().name());
            json.endObject();
        }
        json.endArray().endObject();
    }

    private static void write(String name, List<String> texts, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (String text : texts) {
            json.value(text);
        }
        json.endArray();
    }

    /**
     * Services as they were written.
     *
     * @throws RuntimeException when they were not written by {@link #write}
     */
    static List<ServiceEndpoints> read(JsonElement content) {
        List<ServiceEndpoints> services = new ArrayList<>();
        for (JsonElement element : content.getAsJsonArray()) {
            JsonObject service = element.getAsJsonObject();
            List<ServicePort> ports = new ArrayList<>();
            Map<Integer, List<Endpoint>> endpoints = new HashMap<>();
            for (JsonElement each : service.getAsJsonArray("ports")) {
                JsonObject port = each.getAsJsonObject();
                int number = port.get("number").getAsInt();
                ports.add(new ServicePort(number, text(port, "name"), text(port, "protocol")));
                List<Endpoint> ofPort = endpoints(port.getAsJsonArray("endpoints"));
                if (!ofPort.isEmpty()) {
                    endpoints.put(number, ofPort);
                }
            }
            services.add(new ServiceEndpoints(
                    new ServiceName(text(service, "service")),
                    text(service, "namespace"),
                    ServiceEndpoints.State.valueOf(text(service, "state")),
                    texts(service.getAsJsonArray("addresses")),
                    ports,
                    endpoints,
                    texts(service.getAsJsonArray("exportTo"))));
        }
        return services;
    }

    private static List<Endpoint> endpoints(JsonArray array) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonElement element : array) {
            JsonObject endpoint = element.getAsJsonObject();
            Map<String, String> labels = new HashMap<>();
            endpoint.getAsJsonObject("labels")
                    .asMap()
                    .forEach((label, value) -> labels.put(label, value.getAsString()));
            endpoints.add(new Endpoint(
                    text(endpoint, "id"),
                    text(endpoint, "address"),
                    endpoint.get("port").getAsInt(),
                    Locality.parse(text(endpoint, "locality")),
                    endpoint.get("weight").getAsInt(),
                    labels,
                    Condition.valueOf(text(endpoint, "condition"))));
        }
        return endpoints;
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static List<String> texts(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsString).toList();
    }
}
