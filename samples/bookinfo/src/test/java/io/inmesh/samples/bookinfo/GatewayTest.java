package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bookinfo behind a gateway that is made by Istio's own file. */
class GatewayTest {
    @TempDir
    static Path rules;

    private static Bookinfo bookinfo;
    private static URI front;

    @BeforeAll
    static void start() throws IOException {
        Files.copy(
                Path.of("rules-library", "virtual-service-reviews-test-v2.yaml"),
                rules.resolve("virtual-service-reviews-test-v2.yaml"));
        Files.copy(Path.of("rules-library", "destination-rule-all.yaml"), rules.resolve("destination-rule-all.yaml"));
        bookinfo = Bookinfo.start(new Settings(0, rules, 0, null));
        front = Objects.requireNonNull(bookinfo.front());
    }

    @AfterAll
    static void stopsAndGivesItsPortsBack() {
        URI behind = bookinfo.at(Instance.PRODUCTPAGE_V1);
        bookinfo.close();

        for (URI listened : List.of(front, behind)) {
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(listened).build(), BodyHandlers.ofString()))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void theFileIsIstiosByteForByte() throws Exception {
        byte[] file = Files.readAllBytes(Path.of("gateway", "bookinfo-gateway.yaml"));

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)))
                .isEqualTo("e44689518453b3e4163ed5dcb6f2260cf50b47bffbb6916a156a6f3668bd186d");
        Path original = Path.of(System.getProperty("bookinfo.originals", ""), "bookinfo-gateway.yaml");
        if (Files.exists(original)) {
            assertThat(Files.readAllBytes(original)).isEqualTo(file);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/productpage, 200, productpage-v1",
        "/api/v1/products, 200, productpage-v1",
        "/api/v1/products/0/reviews, 200, productpage-v1",
        "/login, 302, productpage-v1",
        "/logout, 302, productpage-v1",
        // Behind it, the page has no such file.
        "/static/none.css, 404, productpage-v1",
        "/, 404, ''",
        "/health, 404, ''",
        "/index.html, 404, ''",
        "/productpage/, 404, ''",
        "/details/0, 404, ''",
        "/actuator/mesh, 404, ''"
    })
    void letsInWhatTheFileNames(String path, int status, String instance) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("x-bookinfo-instance").orElse(""))
                .matches(instance.isEmpty() ? "" : instance + " at .*");
    }

    @Test
    void thePageIsThereAndStillTellsJasonFromOthers() throws Exception {
        assertThat(bookinfo.page()).isEqualTo(front.resolve("/productpage"));
        assertThat(get("/productpage", "cookie", "user=jason").body())
                .contains("reviews-v2 at", "black stars", "Signed in as <b>jason</b>");
        assertThat(get("/productpage", "end-user", "jason").body()).contains("reviews-v1 at", "no stars");
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(front.resolve(path));
        return HttpClient.newHttpClient()
                .send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }
}
