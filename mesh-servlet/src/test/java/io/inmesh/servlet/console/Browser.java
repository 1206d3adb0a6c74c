package io.inmesh.servlet.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chromium, driven by chromedriver with the commands of W3C WebDriver. */
final class Browser implements AutoCloseable {
    private static final Gson GSON = new Gson();
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final String address;
    private final String session;

    /** @param assets folder with {@code chromium} and {@code chromedriver} */
    Browser(Path assets, Path profile) throws IOException, InterruptedException {
        driver = new ProcessBuilder(assets.resolve("chromedriver").toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        address = "http://127.0.0.1:" + port();
        Map<String, Object> options = Map.of(
                "binary",
                assets.resolve("chromium").toString(),
                "args",
                List.of(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--user-data-dir=" + profile));
        Map<String, Object> wanted = Map.of(
                "browserName",
                "chrome",
                "goog:chromeOptions",
                options,
                "goog:loggingPrefs",
                Map.of("performance", "ALL", "browser", "ALL"));
        session = send("POST", "/session", Map.of("capabilities", Map.of("alwaysMatch", wanted)))
                .getAsJsonObject()
                .get("sessionId")
                .getAsString();
    }

    private String port() throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return started.group(1);
            }
        }
        throw new IOException("chromedriver did not start");
    }

    private JsonElement send(String method, String path, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofString(GSON.toJson(body)))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonParser.parseString(answer.body()).getAsJsonObject().get("value");
    }

    private JsonElement command(String name, Object body) throws IOException, InterruptedException {
        return send("POST", "/session/" + session + name, body);
    }

    void open(String url) throws IOException, InterruptedException {
        command("/url", Map.of("url", url));
    }

    /** What a function's body returns. */
    JsonElement run(String script, Object... arguments) throws IOException, InterruptedException {
        return command("/execute/sync", Map.of("script", script, "args", List.of(arguments)));
    }

    String text(String selector) throws IOException, InterruptedException {
        return run("const e = document.querySelector(arguments[0]); return e.innerText ?? e.textContent", selector)
                .getAsString();
    }

    /** Waits until a script's result is true. */
    void await(String script, Object... arguments) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!run("return Boolean(" + script + ")", arguments).getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as(() -> {
                        try {
                            return script + " in: " + text("body");
                        } catch (IOException | InterruptedException e) {
                            return script;
                        }
                    })
                    .isLessThan(end);
        }
    }

    /** Waits until an element shows a text. */
    void awaitText(String selector, String text) throws IOException, InterruptedException {
        await(
                "(document.querySelector(arguments[0]) || {innerText: ''}).innerText.includes(arguments[1])",
                selector,
                text);
    }

    /** Clicks as a person does, where the element is. */
    void click(String selector) throws IOException, InterruptedException {
        command("/element/" + element(selector) + "/click", Map.of());
    }

    /** Types after what is there. */
    void type(String selector, String text) throws IOException, InterruptedException {
        command("/element/" + element(selector) + "/value", Map.of("text", text));
    }

    private String element(String selector) throws IOException, InterruptedException {
        JsonObject found = command("/element", Map.of("using", "css selector", "value", selector))
                .getAsJsonObject();
        return found.entrySet().iterator().next().getValue().getAsString();
    }

    /** Presses keys one after the other, wherever the focus is; names are those of WebDriver's code points. */
    void press(String... keys) throws IOException, InterruptedException {
        List<Map<String, String>> actions = new ArrayList<>();
        for (String key : keys) {
            actions.add(Map.of("type", "keyDown", "value", key));
            actions.add(Map.of("type", "keyUp", "value", key));
        }
        command("/actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    void size(int width, int height) throws IOException, InterruptedException {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void scheme(String scheme) throws IOException, InterruptedException {
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private void devTools(String name, Object parameters) throws IOException, InterruptedException {
        command("/goog/cdp/execute", Map.of("cmd", name, "params", parameters));
    }

    /** Addresses that were asked for since the last time. */
    List<String> requests() throws IOException, InterruptedException {
        List<String> urls = new ArrayList<>();
        for (JsonElement entry :
                command("/se/log", Map.of("type", "performance")).getAsJsonArray()) {
            JsonObject message = JsonParser.parseString(
                            entry.getAsJsonObject().get("message").getAsString())
                    .getAsJsonObject()
                    .getAsJsonObject("message");
            if (message.get("method").getAsString().equals("Network.requestWillBeSent")) {
                urls.add(message.getAsJsonObject("params")
                        .getAsJsonObject("request")
                        .get("url")
                        .getAsString());
            }
        }
        return urls;
    }

    /** What the browser complained of since the last time, such as what the policy of content forbids. */
    List<String> complaints() throws IOException, InterruptedException {
        List<String> complaints = new ArrayList<>();
        for (JsonElement entry : command("/se/log", Map.of("type", "browser")).getAsJsonArray()) {
            complaints.add(entry.getAsJsonObject().get("message").getAsString());
        }
        return complaints;
    }

    void screenshot(Path file) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/session/" + session + "/screenshot"))
                .build();
        String answer =
                client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        String image =
                JsonParser.parseString(answer).getAsJsonObject().get("value").getAsString();
        Files.write(file, Base64.getDecoder().decode(image));
    }

    @Override
    public void close() throws IOException {
        try {
            send("DELETE", "/session/" + session, Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
        }
    }
}
