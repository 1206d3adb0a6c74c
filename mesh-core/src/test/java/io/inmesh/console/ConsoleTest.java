package io.inmesh.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.Mesh;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.StartedCall;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {
    private static final String SERVICE = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints:
              - {address: 10.0.0.1, labels: {version: v1}}
              - {address: 10.0.0.2, labels: {version: v2}}
            """;

    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - name: jason
                match:
                - headers: {end-user: {exact: jason}}
                fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
                route:
                - destination: {host: reviews}
              - name: rest
                headers: {request: {set: {x-api-key: s3cret}}}
                route:
                - destination: {host: reviews}
            """;

    private final TextConfigSource source = TextConfigSource.ofFolder(
            "rules", ConfigReader.sensible(), texts("services.yaml", SERVICE, "reviews.yaml", RULES));
    private final CallStatistics statistics = new CallStatistics();
    private final Mesh mesh = Mesh.builder().config(source).observer(statistics).build();
    private final Console console =
            Console.builder(mesh, statistics).name("shop").build();

    private static Map<String, String> texts(String... namesAndTexts) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            texts.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return texts;
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    private String text(String path, Map<String, List<String>> query) {
        return new String(console.answer("GET", path, query).body(), StandardCharsets.UTF_8);
    }

    private JsonObject json(String path, Map<String, List<String>> query) {
        return JsonParser.parseString(text(path, query)).getAsJsonObject();
    }

    private JsonObject json(String path) {
        return json(path, Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "index.html",
                "app.js",
                "dom.js",
                "services.js",
                "graph.js",
                "endpoints.js",
                "explain.js",
                "configuration.js",
                "tail.js",
                "style.css",
                "icon.svg",
                "api/services",
                "api/graph",
                "api/nothing"
            })
    void everyAnswerForbidsWhatThePageDoesNotNeed(String path) {
        ConsoleAnswer answer = console.answer("GET", path, Map.of());
        assertThat(answer.status()).isEqualTo(path.endsWith("nothing") ? 404 : 200);
        assertThat(answer.headers())
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Cache-Control", "no-store")
                .containsKey("Content-Type")
                .hasEntrySatisfying(
                        "Content-Security-Policy",
                        policy -> assertThat(policy)
                                .startsWith("default-src 'self';")
                                .doesNotContain("unsafe", "http:", "https:", "*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"})
    void isReadOnly(String method) {
        ConsoleAnswer answer = console.answer(method, "api/services", Map.of());
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../Console.class",
                "Console.class",
                "/app.js",
                "api/",
                "api/services/",
                "app.js/",
                "package-info.class"
            })
    void givesNothingElseFromTheClassPath(String path) {
        assertThat(console.answer("GET", path, Map.of()).status()).isEqualTo(404);
    }

    @Test
    void pageHasNoInlineCodeAndNoAddressElsewhere() {
        for (String page : List.of(
                "index.html",
                "style.css",
                "app.js",
                "dom.js",
                "services.js",
                "graph.js",
                "endpoints.js",
                "explain.js",
                "configuration.js",
                "tail.js")) {
            assertThat(text(page, Map.of())
                            .replace("http://www.w3.org/2000/svg", "")
                            .replace("http://reviews:9080/reviews/0", ""))
                    .as(page)
                    .doesNotContain(
                            "innerHTML",
                            "outerHTML",
                            "insertAdjacentHTML",
                            "document.write",
                            " style=",
                            "eval(",
                            "@import")
                    .doesNotContainPattern("(?i)([a-z]:|['\"(])//")
                    .doesNotContainPattern("<script(?! type=\"module\" src=\"app.js\")")
                    .doesNotContainPattern("<[a-z]+ [^>]*\\bon[a-z]+=");
        }
    }

    @Test
    void tellsServicesAndEndpoints() {
        JsonObject service =
                json("api/services").getAsJsonArray("services").get(0).getAsJsonObject();
        assertThat(service.get("service").getAsString()).isEqualTo("reviews.default.svc.cluster.local");
        assertThat(service.get("name").getAsString()).isEqualTo("reviews");
        assertThat(service.get("healthy").getAsInt()).isEqualTo(2);
        assertThat(service.get("total").getAsInt()).isEqualTo(2);
        assertThat(service.get("state").getAsString()).isEqualTo("idle");
        assertThat(service.get("success").isJsonNull()).isTrue();
        JsonArray endpoints = json("api/endpoints").getAsJsonArray("endpoints");
        assertThat(endpoints).hasSize(2);
        assertThat(endpoints.get(1).getAsJsonObject().get("address").getAsString())
                .isEqualTo("10.0.0.2:9080");
        assertThat(endpoints.get(1).getAsJsonObject().get("state").getAsString())
                .isEqualTo("ready");
    }

    @Test
    void explainsAndHidesSecrets() {
        JsonObject jason = json(
                "api/explain",
                Map.of(
                        "url",
                        List.of("http://reviews:9080/a"),
                        "header",
                        List.of("end-user: jason", "Authorization: s3cret")));
        assertThat(jason.get("decision").getAsString()).isEqualTo("fault_abort");
        assertThat(jason.get("route").getAsString()).isEqualTo("jason");
        assertThat(jason.toString()).doesNotContain("s3cret");
        JsonObject rest =
                json("api/explain", Map.of("url", List.of("http://reviews:9080/a"), "method", List.of("POST")));
        assertThat(rest.get("route").getAsString()).isEqualTo("rest");
        assertThat(rest.getAsJsonArray("routes")).hasSize(2);
        assertThat(rest.toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reviews", "ftp://reviews/", "http://reviews:99999/", "http://a b/"})
    void saysWhyARequestCannotBeRead(String url) {
        ConsoleAnswer answer = console.answer("GET", "api/explain", Map.of("url", List.of(url)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"error\":\"");
    }

    @Test
    void saysOfAHeaderWithoutColon() {
        assertThat(text("api/explain", Map.of("url", List.of("http://reviews/"), "header", List.of("<b>"))))
                .contains("has no colon", "\\u003cb\\u003e");
    }

    @Test
    void showsTheLineOfABadRuleAndWhatHasChanged() {
        assertThat(json("api/configuration").getAsJsonArray("changes")).isEmpty();
        source.update(texts("services.yaml", SERVICE, "reviews.yaml", RULES.replace("418", "9999")));
        awaitErrors();
        JsonObject document = json("api/configuration");
        JsonObject problem = document.getAsJsonArray("problems").get(0).getAsJsonObject();
        assertThat(problem.get("severity").getAsString()).isEqualTo("error");
        assertThat(problem.get("source").getAsString()).isEqualTo("reviews.yaml");
        assertThat(problem.get("line").getAsInt()).isEqualTo(10);
        assertThat(problem.getAsJsonArray("excerpt").toString()).contains("9999");
        JsonObject change = document.getAsJsonArray("changes").get(0).getAsJsonObject();
        assertThat(change.get("file").getAsString()).isEqualTo("reviews.yaml");
        assertThat(change.getAsJsonArray("lines").toString())
                .contains("\"kind\":\"removed\",\"before\":10", "\"kind\":\"added\",\"before\":0,\"after\":10")
                .doesNotContain("s3cret");
        source.update(texts("services.yaml", SERVICE, "reviews.yaml", RULES));
    }

    private void awaitErrors() {
        long end = System.nanoTime() + 5_000_000_000L;
        while (!mesh.status().hasErrors()) {
            assertThat(System.nanoTime()).as("the mesh hears of the error").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void eventsTellServicesAndTheStateOnce() {
        ConsoleEvents events = console.events();
        assertThat(events.next())
                .contains("event: services\ndata: {", "event: state\ndata: {")
                .endsWith("\n\n");
        assertThat(events.next()).contains("event: services\n").doesNotContain("event: state\n", "event: calls\n");
        statistics
                .callStarted(new StartedCall(
                        SimpleRequestHead.of("GET", "http://x/a", Map.of()),
                        StartedCall.Handling.PASSED_THROUGH,
                        "",
                        "",
                        null))
                .ended(new EndedCall(200, null, 0, 1));
        String started = statistics.tail().started().toString();
        String document = "{\"started\":\"" + started + "\",\"missed\":0,\"calls\":[{\"number\":0";
        assertThat(events.next()).contains("event: calls\ndata: " + document);
        assertThat(events.next()).doesNotContain("event: calls\n");
        assertThat(text("api/calls", Map.of())).startsWith(document);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reviews:9080/mesh", "ftp://a/", "http://user@a/", "/mesh", "http://a/?b"})
    void refusesAddressesOfPeersThatAreNone(String uri) {
        assertThatThrownBy(() -> Console.builder(mesh, statistics).peers(List.of(URI.create(uri))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
