package io.inmesh.console;

import io.inmesh.Mesh;
import io.inmesh.MeshStatus;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.SourceTexts;
import io.inmesh.internal.text.SecretNames;
import io.inmesh.observe.SourceStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is in force, what is wrong, and how refused texts differ from the last good ones. */
final class ConfigurationDocument {
    private static final int LINES_AROUND = 2;
    private static final int MOST_LINES = 2000;

    private ConfigurationDocument() {}

    static Map<String, @Nullable Object> of(Mesh mesh) {
        MeshStatus status = mesh.status();
        Map<String, SourceTexts> texts = mesh.texts();
        Map<String, List<String>> newest = new LinkedHashMap<>();
        texts.values().forEach(source -> source.newest().forEach((file, text) -> newest.put(file, lines(text))));
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("generation", status.generation());
        map.put(
                "publishedAt",
                status.publishedAt() == null ? null : status.publishedAt().toString());
        map.put(
                "sources",
                status.sources().stream().map(ConfigurationDocument::source).toList());
        map.put(
                "problems",
                status.problems().stream()
                        .map(problem -> problem(problem, newest))
                        .toList());
        map.put("changes", changes(texts));
        map.put("files", newest.keySet());
        map.put("routes", routes(mesh));
        return Secrets.document(map);
    }

    private static Map<String, @Nullable Object> source(SourceStatus source) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", source.name());
        map.put("kind", source.kind());
        map.put("current", source.current());
        map.put(
                "updatedAt",
                source.updatedAt() == null ? null : source.updatedAt().toString());
        return map;
    }

    private static Map<String, @Nullable Object> problem(ConfigProblem problem, Map<String, List<String>> files) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        map.put("source", problem.origin().source());
        map.put("line", problem.origin().line());
        map.put("column", problem.origin().column());
        map.put("object", problem.object());
        map.put("path", problem.path());
        map.put("message", telling(problem, problem.message()));
        map.put("fix", telling(problem, problem.fix()));
        map.put("check", problem.check().id());
        map.put(
                "excerpt",
                excerpt(
                        files.getOrDefault(problem.origin().source(), List.of()),
                        problem.origin().line()));
        return map;
    }

    /** What a problem of a matcher quotes may be the secret that a request is compared with. */
    private static String telling(ConfigProblem problem, String text) {
        boolean secret = SecretNames.has(problem.path()) || problem.path().contains(".when[");
        return secret ? Secrets.withoutQuoted(text) : text;
    }

    private static List<Map<String, @Nullable Object>> excerpt(List<String> lines, int line) {
        List<Map<String, @Nullable Object>> excerpt = new ArrayList<>();
        for (int number = Math.max(1, line - LINES_AROUND); number <= line + LINES_AROUND; number++) {
            if (line > 0 && number <= lines.size()) {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                map.put("line", number);
                map.put("text", lines.get(number - 1));
                excerpt.add(map);
            }
        }
        return excerpt;
    }

    private static List<Map<String, @Nullable Object>> changes(Map<String, SourceTexts> sources) {
        List<Map<String, @Nullable Object>> changes = new ArrayList<>();
        sources.forEach((source, texts) -> {
            if (texts.good() == texts.newest()) {
                return;
            }
            TreeSet<String> files = new TreeSet<>(texts.good().keySet());
            files.addAll(texts.newest().keySet());
            for (String file : files) {
                List<LineDiff.Line> lines = LineDiff.of(
                        lines(texts.good().getOrDefault(file, "")),
                        lines(texts.newest().getOrDefault(file, "")));
                if (!lines.isEmpty()) {
                    Map<String, @Nullable Object> map = new LinkedHashMap<>();
                    map.put("source", source);
                    map.put("file", file);
                    map.put(
                            "lines",
                            lines.stream()
                                    .limit(MOST_LINES)
                                    .map(ConfigurationDocument::line)
                                    .toList());
                    changes.add(map);
                }
            }
        });
        return changes;
    }

    private static Map<String, @Nullable Object> line(LineDiff.Line line) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("kind", line.kind());
        map.put("before", line.before());
        map.put("after", line.after());
        map.put("text", line.text());
        return map;
    }

    private static List<String> lines(String text) {
        return Secrets.shown(text.lines().toList());
    }

    private static List<Map<String, @Nullable Object>> routes(Mesh mesh) {
        List<Map<String, @Nullable Object>> routes = new ArrayList<>();
        mesh.routes().forEach((host, lines) -> {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("host", host);
            map.put("routes", lines);
            routes.add(map);
        });
        return routes;
    }
}
