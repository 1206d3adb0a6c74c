package io.inmesh.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries of the live tail as a document. */
final class TailDocument {
    private TailDocument() {}

    /**
     * @param started when the numbers began at 0
     * @param missed calls before the first that this reader does not get to see
     */
    static Map<String, @Nullable Object> of(Instant started, List<TailEntry> entries, long missed) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("started", started.toString());
        map.put("missed", missed);
        map.put("calls", entries.stream().map(TailDocument::entry).toList());
        return map;
    }

    private static Map<String, @Nullable Object> entry(TailEntry entry) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("number", entry.number());
        map.put("at", entry.at().toString());
        map.put("method", entry.method());
        map.put("authority", entry.authority());
        map.put("path", entry.path());
        map.put("query", entry.hasQuery());
        map.put("status", entry.status());
        map.put("flag", entry.flag() == null ? null : entry.flag().name());
        map.put("flagText", entry.flag() == null ? null : entry.flag().text());
        map.put("service", entry.service());
        map.put("rule", entry.rule());
        map.put("route", entry.route());
        map.put("endpoint", entry.endpoint() == null ? null : entry.endpoint().hostPort());
        map.put(
                "version",
                entry.endpoint() == null ? null : entry.endpoint().labels().get("version"));
        map.put("attempts", entry.attempts());
        map.put("ms", entry.tookNanos() / 1e6);
        return map;
    }
}
