package io.inmesh.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.inmesh.explain.EndpointState;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Retries;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An explanation as one JSON object; what does not apply is left out. */
final class ExplanationJson {
    private final JsonObject json = new JsonObject();

    private ExplanationJson() {}

    static JsonObject of(@Nullable String id, Explanation explanation) {
        ExplanationJson out = new ExplanationJson();
        out.text("id", id);
        out.text("decision", explanation.decision().name().toLowerCase(Locale.ROOT));
        out.text("virtualService", explanation.virtualService());
        out.text("route", explanation.route());
        out.text("cluster", explanation.cluster());
        out.text("authority", explanation.authority());
        out.text("path", explanation.path());
        if (explanation.path() != null) {
            out.headers("requestHeaders", explanation.requestHeaders());
        }
        if (explanation.route() != null) {
            out.headers("responseHeaders", explanation.responseHeaders());
        }
        if (explanation.timeout() != null) {
            out.json.addProperty("timeoutMs", explanation.timeout().toMillis());
        }
        out.retries(explanation.retries());
        out.fault(explanation.fault());
        if (!explanation.mirrors().isEmpty()) {
            out.json.add("mirrors", array(explanation.mirrors()));
        }
        out.clusterPolicy(explanation.clusterPolicy());
        if (explanation.status() != 0) {
            out.json.addProperty("status", explanation.status());
        }
        out.text("location", explanation.location());
        out.text("body", explanation.body());
        if (!explanation.endpoints().isEmpty()) {
            out.json.add(
                    "endpoints",
                    array(explanation.endpoints().stream()
                            .filter(EndpointState::used)
                            .map(EndpointState::hostPort)
                            .distinct()
                            .toList()));
        }
        out.json.add("why", array(explanation.why()));
        return out.json;
    }

    /** Answer for a line that could not be read. */
    static JsonObject error(@Nullable String id, String why) {
        ExplanationJson out = new ExplanationJson();
        out.text("id", id);
        out.text("decision", "error");
        out.json.add("why", array(List.of(why)));
        return out.json;
    }

    private void text(String key, @Nullable String value) {
        if (value != null) {
            json.addProperty(key, value);
        }
    }

    private void headers(String key, Map<String, List<String>> headers) {
        JsonObject object = new JsonObject();
        headers.forEach((name, values) -> object.add(name, array(values)));
        json.add(key, object);
    }

    private void retries(@Nullable Retries retries) {
        if (retries == null) {
            return;
        }
        JsonObject object = new JsonObject();
        object.addProperty("attempts", retries.attempts());
        object.add("retryOn", array(retries.on()));
        if (retries.perTryTimeout() != null) {
            object.addProperty("perTryTimeoutMs", retries.perTryTimeout().toMillis());
        }
        if (retries.backoff() != null) {
            object.addProperty("backoffMs", retries.backoff().toMillis());
        }
        if (!retries.sparesPreviousHosts()) {
            object.addProperty("retryIgnorePreviousHosts", false);
        }
        if (!retries.notInForce().isEmpty()) {
            object.add("notInForce", texts(retries.notInForce()));
        }
        json.add("retries", object);
    }

    private void clusterPolicy(List<Explanation.PolicyBlock> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        JsonObject object = new JsonObject();
        for (Explanation.PolicyBlock block : blocks) {
            JsonObject described = new JsonObject();
            if (!block.asked().isEmpty()) {
                described.add("asked", texts(block.asked()));
            }
            if (block.inForce() != null) {
                described.addProperty("inForce", block.inForce());
            }
            object.add(block.name(), described);
        }
        json.add("clusterPolicy", object);
    }

    private static JsonObject texts(Map<String, String> texts) {
        JsonObject object = new JsonObject();
        texts.forEach(object::addProperty);
        return object;
    }

    private void fault(Explanation.@Nullable Fault fault) {
        if (fault == null) {
            return;
        }
        JsonObject object = new JsonObject();
        if (fault.delay() != null) {
            object.addProperty("delayMs", fault.delay().toMillis());
        }
        if (fault.abortStatus() != 0) {
            object.addProperty("abortStatus", fault.abortStatus());
        }
        if (!object.isEmpty()) {
            json.add("fault", object);
        }
    }

    private static JsonArray array(List<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }
}
