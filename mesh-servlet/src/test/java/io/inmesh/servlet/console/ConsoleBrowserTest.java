package io.inmesh.servlet.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.SimpleRequestHead;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.StartedCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console in Chromium. {@code .ci/real/console} runs it; with {@code -Dconsole.images=DIR} it leaves pictures there. */
@Tag("chromium")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleBrowserTest {
    private static final List<String> VIEWS =
            List.of("services", "graph", "endpoints", "explain", "configuration", "tail");
    private static final String TAB = "\ue004";
    private static final String ENTER = "\ue007";
    private static final String RIGHT = "\ue014";
    private static final String END = "\ue010";
    private static final String IMAGE = "<img src=x onerror=window.hit=1>";

    /** Whether in each node all texts are within its box, and none on another of its line. */
    private static final String TEXTS_ARE_APART = """
            [...document.querySelectorAll('.node')].every(node => {
              const box = node.querySelector('.box').getBoundingClientRect();
              const texts = [...node.querySelectorAll('text')].map(text => text.getBoundingClientRect());
              return texts.every(text => text.left >= box.left && text.right <= box.right)
                && texts.every((one, i) => texts.slice(i + 1).every(other =>
                  Math.abs(one.bottom - other.bottom) > 8 || one.right <= other.left || other.right <= one.left));
            })
            """;

    private ConsoleRig rig;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        rig = new ConsoleRig(Files.createDirectory(folder.resolve("rules")));
        browser = new Browser(Path.of(System.getProperty("chromium.assets")), folder.resolve("profile"));
        for (int round = 0; round < 60; round++) {
            rig.traffic(round);
        }
    }

    @AfterAll
    void stop() throws Exception {
        browser.close();
        rig.close();
    }

    @BeforeEach
    void open() throws Exception {
        browser.size(1280, 800);
        browser.scheme("light");
        browser.open("about:blank");
        // Of the browser's own first page, and of the test before.
        List<String> unused = browser.requests();
        unused = browser.complaints();
        browser.open(rig.productpage().consoleUrl());
        browser.awaitText("#services-table", "reviews");
    }

    private void view(String name) throws Exception {
        browser.click("#tab-" + name);
    }

    @Test
    void eachViewShowsWhatTheProcessDoes() throws Exception {
        assertThat(browser.text("#services-table")).contains("reviews", "ratings", "details", "degraded", "3 / 3");
        assertThat(browser.text(".self")).contains("productpage v1 in default");
        browser.awaitText("#live-pill", "live");
        view("graph");
        browser.awaitText("#graph-table", "ratings");
        assertThat(browser.text("#graph-box svg")).contains("productpage", "this process", "reviews", "v1", "ratings");
        assertThat(browser.text("#graph-hint")).contains("1 of 1 peers");
        view("endpoints");
        browser.await("document.querySelectorAll('#endpoints-table tbody tr').length === 6");
        assertThat(browser.text("#endpoints-table")).contains("reviews:9080", "v3", "ready");
        view("configuration");
        browser.awaitText("#configuration-body", "All rules are in force");
        view("tail");
        browser.awaitText("#tail-table", "reviews:9080/reviews/");
        assertThat(browser.text("#tail-table"))
                .contains("default/reviews · jason")
                .doesNotContain("xyz", "secret");
        int unused = rig.productpage().call("http://details:9080/just-now");
        browser.awaitText("#tail-table", "/just-now");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void explainSaysWhereARequestGoesAndWhy() throws Exception {
        view("explain");
        browser.type("#explain-url", "http://reviews:9080/reviews/1");
        browser.type("#explain-headers", "end-user: jason");
        browser.click("#explain-form button");
        browser.awaitText("#explain-verdict", "outbound|9080|v2|reviews.default.svc.cluster.local");
        assertThat(browser.text("#explain-verdict")).contains("Forwarded", "by default/reviews, route jason");
        assertThat(browser.text("#explain-endpoints")).contains("v2", "ready").doesNotContain("v1");
        browser.run("document.getElementById('explain-headers').value = 'end-user: anna'");
        browser.click("#explain-form button");
        browser.awaitText("#explain-verdict", "route stable");
        assertThat(browser.text("#explain-routes")).contains("✗", "jason does not match", "✓", "stable");
        browser.run("document.getElementById('explain-url').value = 'reviews'");
        browser.click("#explain-form button");
        browser.awaitText("#explain-result", "it does not start with http:// or https://");
    }

    @Test
    void showsTheLineOfABadRuleAndWhatHasChanged() throws Exception {
        view("configuration");
        Path file = rig.folder().resolve("reviews.yaml");
        try {
            Files.writeString(file, ConsoleRig.reviewsRules("eighty"));
            browser.awaitText("#rules-pill", "1 error");
            browser.awaitText("#configuration-body", "reviews.yaml:27");
            assertThat(browser.text(".problem.error pre .hit")).contains("27", "weight: eighty");
            assertThat(browser.text("#configuration-body pre .removed")).contains("- ", "weight: 80");
            assertThat(browser.text("#configuration-body pre .added")).contains("+ ", "weight: eighty");
        } finally {
            Files.writeString(file, ConsoleRig.reviewsRules("80"));
        }
        browser.awaitText("#configuration-body", "All rules are in force");
    }

    @Test
    void anEjectedEndpointSaysWhyAndSinceWhen(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("ejection.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: details}
                spec:
                  host: details
                  trafficPolicy: {outlierDetection: {consecutive5xxErrors: 2, maxEjectionPercent: 100}}
                """);
        try (ConsoleRig ejecting = new ConsoleRig(folder)) {
            browser.open(ejecting.productpage().consoleUrl());
            view("endpoints");
            browser.awaitText("#endpoints-table", "details");
            assertThat(browser.text("#endpoints-table")).doesNotContain("ejected");
            String failing = "http://details:9080" + ConsoleRig.FAILING;
            assertThat(ejecting.productpage().call(failing)).isEqualTo(503);
            assertThat(ejecting.productpage().call(failing)).isEqualTo(503);
            assertThat(ejecting.productpage().call(failing))
                    .as("all hosts are ejected")
                    .isZero();
            browser.awaitText("#endpoints-table", "ejected since ");
            assertThat(browser.text("#endpoints-table")).contains("because of 2 ");
        }
    }

    @Test
    void limitsSayHowMuchOfThemIsInUse(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("limits.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: details}
                spec:
                  host: details
                  trafficPolicy: {connectionPool: {tcp: {maxConnections: 8}, http: {http2MaxRequests: 2}}}
                """);
        try (ConsoleRig limited = new ConsoleRig(folder)) {
            String url = "http://details:9080/held";
            browser.open(limited.productpage().consoleUrl());
            browser.awaitText("#services-table", "0 / 2 requests");
            Request held = new Request.Builder().url(url).build();
            try (Response one = limited.productpage().client.newCall(held).execute();
                    Response two = limited.productpage().client.newCall(held).execute()) {
                assertThat(one.code() + two.code()).isEqualTo(400);
                assertThat(limited.productpage().call(url)).as("kept out").isZero();
                browser.awaitText("#services-table", "2 / 2 requests");
                browser.awaitText("#services-table", "1 kept out");
                String images = System.getProperty("console.images", "");
                if (!images.isEmpty()) {
                    browser.size(1100, 620);
                    browser.screenshot(Path.of(images, "console-limits-light.png"));
                }
                view("explain");
                browser.run("document.getElementById('explain-url').value = '" + url + "'");
                browser.click("#explain-form button");
                browser.awaitText("#explain-limits", "connectionPool.tcp.maxConnections");
                assertThat(browser.text("#explain-limits")).contains("requests", "connections", "2", "8");
                if (!images.isEmpty()) {
                    browser.screenshot(Path.of(images, "console-explain-limits-light.png"));
                }
            }
        }
    }

    @Test
    void asksNobodyElse() throws Exception {
        List<String> before = browser.requests();
        for (String view : VIEWS) {
            view(view);
        }
        browser.awaitText("#tail-table", "reviews:9080");
        List<String> requests = browser.requests();
        requests.addAll(before);
        assertThat(requests)
                .hasSizeGreaterThan(8)
                .allSatisfy(url -> assertThat(url)
                        .matches("about:blank|" + rig.productpage().consoleUrl() + ".*"));
        String answer = rig.productpage().container.get("/mesh/").header("content-security-policy");
        assertThat(answer).contains("default-src 'self'").doesNotContain("unsafe");
        assertThat(browser.run("""
                try { eval('window.evaluated = 1'); } catch (e) { /* as it should be */ }
                const s = document.createElement('script'); s.textContent = 'window.inline = 1'; document.head.append(s);
                return window.inline === undefined
                """).getAsBoolean()).isTrue();
    }

    @Test
    void whatCallersAndRulesSayStaysText() throws Exception {
        rig.productpage()
                .statistics
                .callStarted(new StartedCall(
                        new SimpleRequestHead("GET" + IMAGE, "http", "h" + IMAGE, 80, "/p" + IMAGE, List.of()),
                        StartedCall.Handling.PASSED_THROUGH,
                        "rule" + IMAGE,
                        "route" + IMAGE,
                        null))
                .ended(new EndedCall(500, null, 0, 1000));
        browser.awaitText("#services-table", "h" + IMAGE);
        view("graph");
        browser.awaitText("#graph-table", "h" + IMAGE);
        view("tail");
        browser.awaitText("#tail-table", "/p" + IMAGE);
        assertThat(browser.text("#tail-table")).contains("rule" + IMAGE, "route" + IMAGE);
        view("explain");
        browser.type("#explain-url", "http://reviews:9080/" + IMAGE.replace(' ', '/'));
        browser.type("#explain-headers", "x-h: " + IMAGE);
        browser.click("#explain-form button");
        browser.awaitText("#explain-result", "x-h: " + IMAGE);
        assertThat(browser.text("#explain-result")).contains(IMAGE.replace(' ', '/'));
        view("configuration");
        Path file = rig.folder().resolve("evil.yaml");
        try {
            Files.writeString(file, "kind: VirtualService\n" + "\"" + IMAGE + "\": 1\n");
            browser.awaitText(".problem.error", "evil.yaml");
            browser.awaitText("#configuration-body", IMAGE);
        } finally {
            Files.delete(file);
        }
        assertThat(browser.run("return window.hit === undefined && document.querySelectorAll('main img').length === 0")
                        .getAsBoolean())
                .isTrue();
    }

    @Test
    void tailGoesOnWhenItsProcessIsStartedAgain() throws Exception {
        try (UnsteadyConsole console = new UnsteadyConsole()) {
            browser.open(console.url());
            view("tail");
            console.call("reviews", "v1", "/one", 200);
            console.call("reviews", "v1", "/two", 200);
            browser.awaitText("#tail-table", "/two");
            console.restart();
            console.call("reviews", "v1", "/three", 200);
            browser.awaitText("#tail-table", "/three");
            assertThat(browser.text("#tail-table")).contains("/one", "/two");
        }
    }

    @Test
    void tailShowsCallsOnceThatWereToldTwiceWhileItPaused() throws Exception {
        try (UnsteadyConsole console = new UnsteadyConsole()) {
            browser.open(console.url());
            view("tail");
            console.call("reviews", "v1", "/one", 200);
            browser.awaitText("#tail-table", "/one");
            browser.awaitText("#live-pill", "live");
            browser.click("#tail-pause");
            console.dropReaders();
            browser.awaitText("#live-pill", "no connection");
            browser.awaitText("#live-pill", "live");
            console.call("reviews", "v1", "/two", 200);
            browser.click("#tail-pause");
            browser.awaitText("#tail-table", "/two");
            assertThat(browser.text("#tail-table")).containsOnlyOnce("/one").containsOnlyOnce("/two");
        }
    }

    @Test
    void tailTellsHowManyCallsItMissedWhileItWasAway() throws Exception {
        try (UnsteadyConsole console = new UnsteadyConsole()) {
            browser.open(console.url());
            view("tail");
            console.call("reviews", "v1", "/one", 200);
            browser.awaitText("#tail-table", "/one");
            console.dropReaders();
            for (int i = 0; i < 300; i++) {
                console.call("reviews", "v1", "/more", 200);
            }
            browser.awaitText("#tail-missed", "100 calls went by");
        }
    }

    @Test
    void noAnswerGoesAwayWithTheNextAnswer() throws Exception {
        try (UnsteadyConsole console = new UnsteadyConsole()) {
            console.call("reviews", "v1", "/one", 200);
            browser.open(console.url());
            browser.awaitText("#live-pill", "live");
            view("graph");
            browser.awaitText("#graph-table", "reviews");
            console.refuses(true);
            browser.awaitText("#live-pill", "no answer");
            assertThat(browser.text("#graph-table")).contains("reviews");
            console.refuses(false);
            browser.awaitText("#live-pill", "live");
            console.refuses(true);
            view("explain");
            browser.type("#explain-url", "http://reviews:9080/");
            browser.click("#explain-form button");
            browser.awaitText("#explain-result", "The console does not answer: status 503");
        }
    }

    @Test
    void textsOfANodeAreApartHoweverLongTheyAre() throws Exception {
        try (UnsteadyConsole console = new UnsteadyConsole()) {
            String name = "w".repeat(60);
            for (int i = 0; i < 300; i++) {
                console.call(name, "v2026.11.30-canary-of-" + name, "/", 503);
                console.call(name, "v1", "/", i % 3 == 0 ? 503 : 200);
            }
            browser.open(console.url());
            view("graph");
            browser.awaitText("#graph-box", "300 failed");
            browser.await(TEXTS_ARE_APART);
            assertThat(browser.text("#graph-box svg")).contains("v2", "…");
            view("services");
            browser.awaitText("#tiles", "retries, last");
            browser.awaitText("#tiles", "service that needs a look");
        }
    }

    @Test
    void worksFromTheKeyboard() throws Exception {
        browser.press(TAB);
        assertThat(browser.text(":focus")).isEqualTo("Skip to content");
        browser.press(ENTER);
        assertThat(browser.run("return document.activeElement.id").getAsString())
                .isEqualTo("main");
        browser.run("document.getElementById('tab-services').focus()");
        browser.press(RIGHT);
        assertThat(browser.run("return document.activeElement.id").getAsString())
                .isEqualTo("tab-graph");
        browser.awaitText("#graph-table", "ratings");
        browser.await("document.querySelector('.node')");
        browser.run("document.querySelector('.node[data-id=\"default/ratings\"]').focus()");
        browser.press(ENTER);
        browser.await("document.querySelector('.node.marked')?.getAttribute('data-id') === 'default/ratings'");
        assertThat(browser.run("return document.activeElement.getAttribute('data-id')")
                        .getAsString())
                .isEqualTo("default/ratings");
        browser.press(ENTER);
        browser.run("document.getElementById('tab-graph').focus()");
        browser.press(END);
        assertThat(browser.run("return document.activeElement.id").getAsString())
                .isEqualTo("tab-tail");
        browser.run("document.getElementById('tab-explain').focus()");
        browser.press(ENTER);
        browser.type("#explain-url", "http://details:9080/");
        browser.press(ENTER);
        browser.awaitText("#explain-verdict", "details.default.svc.cluster.local");
        assertThat(browser.run("return getComputedStyle(document.activeElement).outlineStyle")
                        .getAsString())
                .isEqualTo("solid");
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 768})
    void fitsIntoNarrowWindows(int width) throws Exception {
        browser.size(width, 740);
        for (String view : VIEWS) {
            view(view);
            assertThat(browser.run("return document.documentElement.scrollWidth")
                            .getAsInt())
                    .as(view)
                    .isLessThanOrEqualTo(width);
        }
    }

    @Test
    void leavesPictures() throws Exception {
        String images = System.getProperty("console.images", "");
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            String background = browser.run("return getComputedStyle(document.body).backgroundColor")
                    .getAsString();
            assertThat(background).isEqualTo(scheme.equals("light") ? "rgb(245, 246, 250)" : "rgb(14, 17, 27)");
            for (String view : images.isEmpty() ? List.<String>of() : VIEWS) {
                browser.size(1100, 620);
                picture(view);
                browser.screenshot(Path.of(images, "console-" + view + "-" + scheme + ".png"));
            }
        }
    }

    private void picture(String view) throws Exception {
        view(view);
        switch (view) {
            case "graph" -> browser.await("document.querySelectorAll('.node').length === 4");
            case "explain" -> {
                browser.run("document.getElementById('explain-url').value = 'http://reviews:9080/reviews/1';"
                        + "document.getElementById('explain-headers').value = 'end-user: jason'");
                browser.click("#explain-form button");
                browser.await("document.getElementById('explain-verdict')");
            }
            case "configuration" -> {
                Files.writeString(rig.folder().resolve("reviews.yaml"), ConsoleRig.reviewsRules("eighty"));
                browser.awaitText("#configuration-body", "reviews.yaml:27");
            }
            case "tail" -> {
                Files.writeString(rig.folder().resolve("reviews.yaml"), ConsoleRig.reviewsRules("80"));
                browser.awaitText("#tail-table", "reviews");
            }
            case "services" -> browser.awaitText("#rules-pill", "in force");
            case "endpoints" -> browser.awaitText("#endpoints-table", "v3");
            default -> browser.awaitText("#services-table", "reviews");
        }
    }
}
