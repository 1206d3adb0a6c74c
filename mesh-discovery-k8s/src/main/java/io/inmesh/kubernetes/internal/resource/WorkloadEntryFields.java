package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Collects a {@link WorkloadEntry}. */
final class WorkloadEntryFields extends ObjectFields<WorkloadEntry> {
    private static final SharedValues SHARED = new SharedValues();
    private static final int LAST_PORT = 65_535;

    private String address = "";
    private Map<String, Integer> ports = Map.of();
    private Map<String, String> labels = Map.of();
    private String locality = "";
    private int weight;
    private boolean healthy;

    private WorkloadEntryFields(JsonParser json) {
        super(new JsonCursor(json, SHARED), MetadataFields.ALL, Resources.HEALTH_CHECKED::equals);
    }

    static WorkloadEntry read(JsonParser json) throws IOException {
        return new WorkloadEntryFields(json).read();
    }

    @Override
    void field(String name) throws IOException {
        switch (name) {
            case "spec" -> json.object(this::spec);
            case "status" -> json.object(this::status);
            default -> json.skip();
        }
    }

    @Override
    WorkloadEntry result(Metadata metadata) {
        Map<String, String> all = new HashMap<>(labels);
        all.putAll(metadata.labels());
        boolean checked = "true".equals(metadata.annotations().get(Resources.HEALTH_CHECKED));
        return new WorkloadEntry(
                metadata, address, ports, json.share(Map.copyOf(all)), locality, weight, healthy || !checked);
    }

    private void spec(String field) throws IOException {
        switch (field) {
            case "address" -> address = json.text();
            case "ports" -> ports = ports();
            case "labels" -> labels = MetadataFields.texts(json, MetadataFields.ALL);
            case "locality" -> locality = json.sharedText();
            case "weight" -> weight = json.number(Integer.MAX_VALUE);
            default -> json.skip();
        }
    }

    private Map<String, Integer> ports() throws IOException {
        Map<String, Integer> read = new HashMap<>(4);
        json.object(name -> {
            int port = json.number(LAST_PORT);
            if (port > 0) {
                read.put(json.shareText(name), port);
            }
        });
        return json.share(Map.copyOf(read));
    }

    private void status(String field) throws IOException {
        if (field.equals("conditions")) {
            json.list(() -> {
                ConditionFields condition = new ConditionFields(json);
                json.object(condition::field);
                healthy |= condition.isTrue("Healthy");
            });
        } else {
            json.skip();
        }
    }
}
