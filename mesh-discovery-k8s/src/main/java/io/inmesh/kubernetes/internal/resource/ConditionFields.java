package io.inmesh.kubernetes.internal.resource;

import java.io.IOException;

/** Collects one of an object's status conditions. */
final class ConditionFields {
    private final JsonCursor json;
    private String type = "";
    private String status = "";

    ConditionFields(JsonCursor json) {
        this.json = json;
    }

    void field(String field) throws IOException {
        switch (field) {
            case "type" -> type = json.sharedText();
            case "status" -> status = json.sharedText();
            default -> json.skip();
        }
    }

    boolean isTrue(String wanted) {
        return type.equals(wanted) && status.equals("True");
    }
}
