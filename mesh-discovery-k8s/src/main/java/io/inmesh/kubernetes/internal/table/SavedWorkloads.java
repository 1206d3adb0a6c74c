package io.inmesh.kubernetes.internal.table;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workloads by what selects them, as JSON in the snapshot file. */
final class SavedWorkloads implements SavedPart.Form<WorkloadSelector, List<Workload>> {
    @Override
    public void write(Map<WorkloadSelector, List<Workload>> all, JsonWriter json) throws IOException {
        json.beginArray();
        for (Map.Entry<WorkloadSelector, List<Workload>> entry : all.entrySet()) {
            json.beginObject();
            json.name("namespace").value(entry.getKey().namespace());
            SavedServices.write("selector", entry.getKey().labels(), json);
            json.name("workloads").beginArray();
            for (Workload workload : entry.getValue()) {
                write(workload, json);
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private static void write(Workload workload, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("id").value(workload.id());
        json.name("address").value(workload.address());
        json.name("ports").beginObject();
        for (Map.Entry<String, Integer> port : workload.ports().entrySet()) {
            json.name(port.getKey()).value(port.getValue());
        }
        json.endObject();
        json.name("locality").value(workload.locality().toString());
        json.name("weight").value(workload.weight());
        SavedServices.write("labels", workload.labels(), json);
        json.name("condition").value(workload.condition().name());
        json.endObject();
    }

    @Override
    public Map<WorkloadSelector, List<Workload>> read(JsonElement content) {
        Map<WorkloadSelector, List<Workload>> all = new HashMap<>();
        for (JsonElement element : content.getAsJsonArray()) {
            JsonObject selected = element.getAsJsonObject();
            List<Workload> workloads = new ArrayList<>();
            for (JsonElement each : selected.getAsJsonArray("workloads")) {
                workloads.add(workload(each.getAsJsonObject()));
            }
            all.put(
                    new WorkloadSelector(
                            SavedServices.text(selected, "namespace"), SavedServices.texts(selected, "selector")),
                    List.copyOf(workloads));
        }
        return all;
    }

    private static Workload workload(JsonObject json) {
        Map<String, Integer> ports = new HashMap<>();
        json.getAsJsonObject("ports").asMap().forEach((name, number) -> ports.put(name, number.getAsInt()));
        return new Workload(
                SavedServices.text(json, "id"),
                SavedServices.text(json, "address"),
                ports,
                Locality.parse(SavedServices.text(json, "locality")),
                json.get("weight").getAsInt(),
                SavedServices.texts(json, "labels"),
                Condition.valueOf(SavedServices.text(json, "condition")));
    }
}
