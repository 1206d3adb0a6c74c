package io.inmesh.kubernetes.internal.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How rules stand in the snapshot file: a list of objects as the server told them, each in its last good version. */
final class SavedRules {
    private static final Logger LOG = LoggerFactory.getLogger(SavedRules.class);
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private SavedRules() {}

    /** An object of one kind. */
    record SavedRule(RuleResource kind, CustomResource object) {}

    static void write(List<SavedRule> rules, JsonWriter json) throws IOException {
        json.beginArray();
        for (SavedRule rule : rules) {
            json.beginObject();
            json.name("resource").value(rule.kind.name());
            json.name("object");
            GSON.toJson(rule.object.tree(), Object.class, json);
            json.endObject();
        }
        json.endArray();
    }

    /** The rules that can be read; what cannot is left out, since the server will tell it again. */
    static List<SavedRule> read(JsonElement section) {
        List<SavedRule> rules = new ArrayList<>();
        @Nullable Exception unusable = null;
        for (JsonElement element :
                section.isJsonArray() ? section.getAsJsonArray().asList() : List.of(section)) {
            try {
                rules.add(rule(element.getAsJsonObject()));
            } catch (IOException | RuntimeException broken) {
                unusable = broken;
            }
        }
        if (unusable != null) {
            LOG.warn("Not all rules of the snapshot file can be used: {}", unusable.toString());
        }
        return rules;
    }

    private static SavedRule rule(JsonObject rule) throws IOException {
        RuleResource kind = RuleResource.valueOf(rule.get("resource").getAsString());
        String object = Objects.requireNonNull(rule.get("object"), "object").toString();
        try (JsonParser json = JsonStreams.open(object)) {
            return new SavedRule(kind, kind.read(json));
        }
    }
}
