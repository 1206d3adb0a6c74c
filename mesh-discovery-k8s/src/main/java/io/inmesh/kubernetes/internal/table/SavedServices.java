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
final class SavedServices implements SavedPart.Form<ServiceName, ServiceEndpoints> {
    @Override
    public void write(Map<ServiceName, ServiceEndpoints> services, JsonWriter json) throws IOException {
        json.beginArray();
        for (ServiceEndpoints service : services.values()) {
            json.beginObject();
            json.name("service").value(service.service().host());
            json.name("namespace").value(service.namespace());
            json.name("state").value(service.state().name());
            if (service.target() != null) {
                json.name("target").value(service.target().host());
            }
            if (service.namedInstances()) {
                json.name("namedInstances").value(true);
            }
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
            write("labels", endpoint.labels(), json);
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

    static void write(String name, Map<String, String> texts, JsonWriter json) throws IOException {
        json.name(name).beginObject();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.name(text.getKey()).value(text.getValue());
        }
        json.endObject();
    }

    @Override
    public Map<ServiceName, ServiceEndpoints> read(JsonElement content) {
        Map<ServiceName, ServiceEndpoints> services = new HashMap<>();
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
            ServiceName name = new ServiceName(text(service, "service"));
            services.put(
                    name,
                    ServiceEndpoints.builder(
                                    name,
                                    text(service, "namespace"),
                                    ServiceEndpoints.State.valueOf(text(service, "state")))
                            .addresses(texts(service.getAsJsonArray("addresses")))
                            .ports(ports)
                            .endpoints(endpoints)
                            .exportTo(texts(service.getAsJsonArray("exportTo")))
                            .target(service.has("target") ? new ServiceName(text(service, "target")) : null)
                            .namedInstances(service.has("namedInstances")
                                    && service.get("namedInstances").getAsBoolean())
                            .build());
        }
        return services;
    }

    private static List<Endpoint> endpoints(JsonArray array) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonElement element : array) {
            JsonObject endpoint = element.getAsJsonObject();
            endpoints.add(new Endpoint(
                    text(endpoint, "id"),
                    text(endpoint, "address"),
                    endpoint.get("port").getAsInt(),
                    Locality.parse(text(endpoint, "locality")),
                    endpoint.get("weight").getAsInt(),
                    texts(endpoint, "labels"),
                    Condition.valueOf(text(endpoint, "condition"))));
        }
        return endpoints;
    }

    static Map<String, String> texts(JsonObject object, String name) {
        Map<String, String> texts = new HashMap<>();
        object.getAsJsonObject(name).asMap().forEach((key, value) -> texts.put(key, value.getAsString()));
        return texts;
    }

    static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static List<String> texts(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsString).toList();
    }
}
