package io.inmesh.cli.findings;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Findings as a log of SARIF 2.1.0, with what GitHub's code scanning wants of it. A rule brings its section of
 * docs/checks.md along; it has no {@code helpUri}, which would have to be absolute: GitHub refuses a whole file for a
 * relative one.
 */
final class SarifReport {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
    private static final String FINGERPRINT = "inmeshFinding/v2";

    private final CheckPages pages;
    private final FilePaths paths;

    SarifReport(CheckPages pages, FilePaths paths) {
        this.pages = pages;
        this.paths = paths;
    }

    String of(List<ConfigProblem> findings) {
        JsonArray rules = new JsonArray();
        for (ConfigCheck check : ConfigCheck.values()) {
            rules.add(rule(check));
        }
        JsonObject driver = new JsonObject();
        driver.addProperty("name", "InMesh");
        String version = SarifReport.class.getPackage().getImplementationVersion();
        if (version != null) {
            driver.addProperty("version", version);
        }
        driver.add("rules", rules);
        JsonArray results = new JsonArray();
        Map<FindingKey, Integer> seen = new HashMap<>();
        for (ConfigProblem finding : findings) {
            int number = seen.merge(FindingKey.of(finding, paths), 1, Integer::sum);
            results.add(result(finding, number));
        }
        JsonObject run = new JsonObject();
        run.add("tool", object("driver", driver));
        run.addProperty("columnKind", "unicodeCodePoints");
        run.add("results", results);
        JsonObject log = new JsonObject();
        log.addProperty("$schema", SCHEMA);
        log.addProperty("version", "2.1.0");
        log.add("runs", array(run));
        return new GsonBuilder()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create()
                .toJson(log);
    }

    private JsonObject rule(ConfigCheck check) {
        JsonObject help = text(pages.prose(check));
        help.addProperty("markdown", pages.markdown(check));
        JsonArray tags = new JsonArray();
        tags.add("service-mesh");
        if (!check.istioCode().isEmpty()) {
            tags.add(check.istioCode());
        }
        JsonObject rule = new JsonObject();
        rule.addProperty("id", check.id());
        rule.add("shortDescription", text(pages.summary(check)));
        rule.add("fullDescription", text(pages.prose(check)));
        rule.add("help", help);
        rule.add("properties", object("tags", tags));
        return rule;
    }

    private JsonObject result(ConfigProblem finding, int number) {
        JsonObject place =
                object("artifactLocation", uri(paths.uri(finding.origin().source())));
        if (finding.origin().line() > 0) {
            JsonObject region = new JsonObject();
            region.addProperty("startLine", finding.origin().line());
            if (finding.origin().column() > 0) {
                region.addProperty("startColumn", finding.origin().column());
            }
            place.add("region", region);
        }
        JsonObject location = object("physicalLocation", place);
        if (!finding.object().isEmpty()) {
            JsonObject logical = new JsonObject();
            logical.addProperty(
                    "fullyQualifiedName",
                    finding.path().isEmpty() ? finding.object() : finding.object() + " " + finding.path());
            location.add("logicalLocations", array(logical));
        }
        JsonObject fingerprints = new JsonObject();
        fingerprints.addProperty(FINGERPRINT, FindingKey.of(finding, paths).fingerprint() + ":" + number);
        JsonObject result = new JsonObject();
        result.addProperty("ruleId", finding.check().id());
        result.addProperty("ruleIndex", finding.check().ordinal());
        result.addProperty("level", FindingText.severity(finding));
        result.add("message", text(FindingText.withPath(finding)));
        result.add("locations", array(location));
        result.add("partialFingerprints", fingerprints);
        return result;
    }

    private static JsonObject uri(String uri) {
        JsonObject location = new JsonObject();
        location.addProperty("uri", uri);
        return location;
    }

    private static JsonObject text(String text) {
        JsonObject message = new JsonObject();
        message.addProperty("text", text);
        return message;
    }

    private static JsonObject object(String name, JsonElement value) {
        JsonObject object = new JsonObject();
        object.add(name, value);
        return object;
    }

    private static JsonArray array(JsonElement element) {
        JsonArray array = new JsonArray();
        array.add(element);
        return array;
    }
}
