package io.inmesh.cli.clients;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Prints places, one a line. */
final class ClientsReport {
    private ClientsReport() {}

    /** Columns, the advice last, and a line of sum for each verdict. */
    static void text(List<Place> places, PrintWriter out) {
        Set<String> archives = new TreeSet<>();
        places.forEach(place -> archives.add(place.archive()));
        Function<Place, String> where =
                place -> place.text() + (archives.size() > 1 ? " (" + place.archive() + ")" : "");
        int verdicts = width(places, place -> place.answer().verdict().text());
        int kinds = width(places, Place::kind);
        int uses = width(places, place -> place.use().text());
        int wheres = width(places, where);
        for (Place place : places) {
            out.println(padded(place.answer().verdict().text(), verdicts)
                    + padded(place.kind(), kinds)
                    + padded(place.use().text(), uses)
                    + padded(where.apply(place), wheres)
                    + place.answer().advice());
        }
        if (!places.isEmpty()) {
            out.println();
        }
        for (Verdict verdict : Verdict.values()) {
            long count = places.stream()
                    .filter(place -> place.answer().verdict() == verdict)
                    .count();
            out.println(verdict.text() + ": " + count + (count == 1 ? " place" : " places"));
        }
    }

    /** One object a line. */
    static void json(List<Place> places, PrintWriter out) {
        Gson gson = new GsonBuilder().disableHtmlEscaping().create();
        for (Place place : places) {
            JsonObject json = new JsonObject();
            json.addProperty("verdict", place.answer().verdict().text());
            json.addProperty("kind", place.kind());
            json.addProperty("use", place.use().text());
            json.addProperty("archive", place.archive());
            json.addProperty(place.use() == Use.BROUGHT ? "library" : "class", place.type());
            if (!place.method().isEmpty()) {
                json.addProperty("method", place.method());
            }
            if (place.line() > 0) {
                json.addProperty("line", place.line());
            }
            json.addProperty("advice", place.answer().advice());
            out.println(gson.toJson(json));
        }
    }

    private static int width(List<Place> places, Function<Place, String> column) {
        return places.stream()
                .mapToInt(place -> column.apply(place).length())
                .max()
                .orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length() + 2);
    }
}
