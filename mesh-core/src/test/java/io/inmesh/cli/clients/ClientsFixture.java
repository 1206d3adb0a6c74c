package io.inmesh.cli.clients;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.cli.MeshCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code clients} over classes that are compiled against the names of the libraries alone. */
abstract class ClientsFixture {
    static final String ORDERS = """
            package com.acme;

            class Orders {
                Object template = new org.springframework.web.client.RestTemplate();
                Object client = java.net.http.HttpClient.newHttpClient();
            }
            """;

    /** Classes under the names of the libraries, of which a class that uses them is compiled. */
    @TempDir
    static Path stubs;

    @TempDir
    Path folder;

    record Run(int code, String out, String err) {}

    @BeforeAll
    static void compileStubs() throws IOException {
        CompiledSources.compile(CompiledSources.sources("stubs.txt"), stubs, stubs);
    }

    static Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("clients"));
        all.addAll(List.of(args));
        int code = MeshCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Run(code, out.toString().replace("\r", ""), err.toString().replace("\r", ""));
    }

    Path classes(String name, Map<String, String> sources, String... options) throws IOException {
        Path classes = folder.resolve(name);
        CompiledSources.compile(sources, classes, stubs, options);
        return classes;
    }

    Path orders() throws IOException {
        return classes("orders", Map.of("com.acme.Orders", ORDERS));
    }

    static List<String> found(String json) {
        List<String> found = new ArrayList<>();
        for (String line : json.lines().toList()) {
            JsonObject place = JsonParser.parseString(line).getAsJsonObject();
            found.add(place.get("class").getAsString()
                    + (place.has("line") ? ":" + place.get("line").getAsInt() : "") + " "
                    + place.get("verdict").getAsString() + " "
                    + place.get("kind").getAsString() + " "
                    + place.get("use").getAsString());
        }
        return found;
    }
}
