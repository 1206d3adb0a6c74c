package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Collects a {@link Pod}. */
final class PodFields extends ObjectFields<Pod> {
    private static final SharedValues SHARED = new SharedValues();

    private String nodeName = "";
    private String phase = "";
    private String podIp = "";
    private List<String> podIps = List.of();
    private boolean ready;

    private PodFields(JsonParser json) {
        super(new JsonCursor(json, SHARED), MetadataFields.ALL, MetadataFields.NONE);
    }

    static Pod read(JsonParser json) throws IOException {
        return new PodFields(json).read();
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
    Pod result(Metadata metadata) {
        List<String> ips = podIps.isEmpty() && !podIp.isEmpty() ? List.of(podIp) : podIps;
        return new Pod(metadata, phase, ips, nodeName, ready);
    }

    private void spec(String field) throws IOException {
        if (field.equals("nodeName")) {
            nodeName = json.sharedText();
        } else {
            json.skip();
        }
    }

    private void status(String field) throws IOException {
        switch (field) {
            case "phase" -> phase = json.sharedText();
            case "podIP" -> podIp = json.text();
            case "podIPs" -> podIps = ips();
            case "conditions" ->
                json.list(() -> {
                    ConditionFields condition = new ConditionFields(json);
                    json.object(condition::field);
                    ready |= condition.isTrue("Ready");
                });
            default -> json.skip();
        }
    }

    private List<String> ips() throws IOException {
        List<String> ips = new ArrayList<>(2);
        json.list(() -> json.object(field -> {
            if (field.equals("ip")) {
                ips.add(json.text());
            } else {
                json.skip();
            }
        }));
        return ips;
    }
}
