package io.inmesh.cli.findings;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.inmesh.config.ConfigProblem;

/** A finding as one line of JSON. */
final class FindingJson {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private FindingJson() {}

    static String line(ConfigProblem problem) {
        JsonObject json = new JsonObject();
        json.addProperty("file", problem.origin().source());
        json.addProperty("line", problem.origin().line());
        json.addProperty("column", problem.origin().column());
        json.addProperty("severity", FindingText.severity(problem));
        json.addProperty("check", problem.check().id());
        if (!problem.check().istioCode().isEmpty()) {
            json.addProperty("istio", problem.check().istioCode());
        }
        if (!problem.object().isEmpty()) {
            json.addProperty("object", problem.object());
        }
        json.addProperty("path", problem.path());
        json.addProperty("message", FindingText.message(problem));
        return GSON.toJson(json);
    }
}
