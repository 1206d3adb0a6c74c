package io.inmesh.okhttp.traffic;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** A line of {@code steps.jsonl}: requests of one kind, and how they are sent. */
record RecordedStep(JsonObject line) {
    /** Of how many answers on a recorded step has only the counts. */
    private static final int MANY = 100;

    String id() {
        return line.get("id").getAsString();
    }

    int count() {
        return number("count", 1);
    }

    /** How many at a time. */
    int concurrency() {
        return number("concurrency", 1);
    }

    long waitMillis() {
        return number("waitMs", 0);
    }

    /** How long after the last answer what is still under way is waited for. */
    long settleMillis() {
        return number("settleMs", 0);
    }

    /** Whether what the backends received is written down in full. */
    boolean full() {
        return line.has("full") && line.get("full").getAsBoolean();
    }

    /** Whether connections end without an answer. */
    boolean breaksConnections() {
        String script = line.get("plan") + " " + line.get("planAt");
        return script.contains("close") || script.contains("reset");
    }

    boolean countsOnly() {
        return count() > MANY;
    }

    /** The request, its script included. */
    Request.Builder request() {
        RequestBody body =
                line.has("body") ? RequestBody.create(new byte[line.get("body").getAsInt()], (MediaType) null) : null;
        Request.Builder request = new Request.Builder()
                .url(line.get("url").getAsString())
                .method(line.get("method").getAsString(), body);
        strings("headers").forEach(request::header);
        if (line.has("plan")) {
            List<String> steps = new ArrayList<>();
            line.getAsJsonArray("plan").forEach(step -> steps.add(step.getAsString()));
            request.header("x-plan", String.join("|", steps));
        }
        if (line.has("planAt")) {
            List<String> places = new ArrayList<>();
            strings("planAt").forEach((port, step) -> places.add(port + "=" + step));
            request.header("x-plan-at", String.join(";", places));
        }
        return request;
    }

    private int number(String key, int otherwise) {
        JsonElement value = line.get(key);
        return value == null ? otherwise : value.getAsInt();
    }

    private Map<String, String> strings(String key) {
        Map<String, String> strings = new LinkedHashMap<>();
        if (line.has(key)) {
            line.getAsJsonObject(key)
                    .entrySet()
                    .forEach(entry ->
                            strings.put(entry.getKey(), entry.getValue().getAsString()));
        }
        return strings;
    }
}
