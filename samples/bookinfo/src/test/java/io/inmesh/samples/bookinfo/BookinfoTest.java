package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.samples.bookinfo.RunningBookinfo.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BookinfoTest {
    @TempDir
    static Path rules;

    private static RunningBookinfo bookinfo;

    @BeforeAll
    static void start() {
        bookinfo = RunningBookinfo.watching(rules);
    }

    @AfterAll
    static void stop() {
        bookinfo.close();
    }

    @Test
    void answersOnThePathsOfThePublicSample() {
        assertThat(get(Instance.PRODUCTPAGE_V1, "/health").body()).isEqualTo("Product page is healthy");
        assertThat(get(Instance.DETAILS_V1, "/health").body()).isEqualTo("{\"status\":\"Details is healthy\"}");
        assertThat(get(Instance.REVIEWS_V1, "/health").body()).isEqualTo("{\"status\":\"Reviews is healthy\"}");
        assertThat(get(Instance.RATINGS_V1, "/health").body()).isEqualTo("{\"status\":\"Ratings is healthy\"}");
        assertThat(get(Instance.RATINGS_V1, "/ratings/7").body())
                .isEqualTo("{\"id\":7,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}");
        assertThat(get(Instance.DETAILS_V1, "/details/7").body())
                .isEqualTo("{\"id\":7,\"author\":\"William Shakespeare\",\"year\":1595,\"type\":\"paperback\","
                        + "\"pages\":200,\"publisher\":\"PublisherA\",\"language\":\"English\","
                        + "\"ISBN-10\":\"1234567890\",\"ISBN-13\":\"123-1234567890\"}");
        assertThat(get(Instance.REVIEWS_V1, "/reviews/0").body())
                .startsWith("{\"id\":\"0\",\"podname\":\"reviews-v1\",\"clustername\":\"loopback\",\"reviews\":[")
                .doesNotContain("rating");
        assertThat(get(Instance.REVIEWS_V2, "/reviews/0").body())
                .contains(
                        "\"rating\":{\"stars\":5,\"color\":\"black\"}", "\"rating\":{\"stars\":4,\"color\":\"black\"}");
        assertThat(get(Instance.REVIEWS_V3, "/reviews/0").body()).contains("{\"stars\":5,\"color\":\"red\"}");
    }

    @Test
    void theApiHandsOnWhatTheServicesSay() {
        assertThat(get(Instance.PRODUCTPAGE_V1, "/api/v1/products").body())
                .startsWith("[{\"id\":0,\"title\":\"The Comedy of Errors\",\"descriptionHtml\":\"");
        assertThat(get(Instance.PRODUCTPAGE_V1, "/api/v1/products/0").body())
                .isEqualTo(get(Instance.DETAILS_V1, "/details/0").body());
        assertThat(get(Instance.PRODUCTPAGE_V1, "/api/v1/products/0/ratings").body())
                .isEqualTo(get(Instance.RATINGS_V1, "/ratings/0").body());
        assertThat(get(Instance.PRODUCTPAGE_V1, "/api/v1/products/0/reviews").body())
                .contains("\"podname\":\"reviews-v");
    }

    @Test
    void signsInAndOutWithACookie() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        URI page = bookinfo.bookinfo().page();

        HttpResponse<String> in = http.send(
                HttpRequest.newBuilder(page.resolve("/login"))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=jason&passwd="))
                        .build(),
                BodyHandlers.ofString());
        assertThat(in.statusCode()).isEqualTo(302);
        assertThat(in.headers().firstValue("location")).hasValue("/productpage");
        assertThat(in.headers().firstValue("set-cookie"))
                .hasValueSatisfying(
                        cookie -> assertThat(cookie).startsWith("user=jason;").contains("HttpOnly"));

        assertThat(bookinfo.page("jason").body()).contains("Signed in as <b>jason</b>");
        assertThat(bookinfo.page(null).body()).contains("Sign in as").doesNotContain("Signed in");

        HttpResponse<String> out =
                http.send(HttpRequest.newBuilder(page.resolve("/logout")).build(), BodyHandlers.ofString());
        assertThat(out.statusCode()).isEqualTo(302);
        assertThat(out.headers().firstValue("set-cookie"))
                .hasValueSatisfying(
                        cookie -> assertThat(cookie).startsWith("user=;").contains("Max-Age=0"));
    }

    @ParameterizedTest
    @CsvSource({"''", "' '", "a%0d%0ab", "%c3%a9"})
    void namesThatCannotStandInAHeaderAreRefused(String name) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(bookinfo.bookinfo().page().resolve("/login"))
                                .header("content-type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("username=" + name.replace(" ", "+")))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void theUserComesFromTheSignInAndNotFromAHeader() {
        bookinfo.write("only-jason.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: details}
                spec:
                  hosts: [details]
                  http:
                  - match: [{headers: {end-user: {exact: jason}}}]
                    directResponse: {status: 418}
                  - route: [{destination: {host: details}}]
                """);
        bookinfo.awaitRule("details", "only-jason.yaml");

        assertThat(get(Instance.PRODUCTPAGE_V1, "/api/v1/products/0", "cookie", "user=jason")
                        .status())
                .isEqualTo(418);
        assertThat(get(Instance.PRODUCTPAGE_V1, "/api/v1/products/0", "end-user", "jason")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void traceHeadersTravelThroughAllServices() {
        bookinfo.write("traced.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: ratings}
                spec:
                  hosts: [ratings]
                  http:
                  - match:
                    - headers: {traceparent: {exact: 00-11-22-01}, x-request-id: {exact: r1}, b3: {exact: b}}
                    directResponse: {status: 418}
                  - route: [{destination: {host: ratings}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  subsets: [{name: v3, labels: {version: v3}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                  - route: [{destination: {host: reviews, subset: v3}}]
                """);
        bookinfo.awaitRule("ratings", "traced.yaml");

        Answer traced = get(
                Instance.PRODUCTPAGE_V1,
                "/api/v1/products/0/reviews",
                "traceparent",
                "00-11-22-01",
                "x-request-id",
                "r1",
                "b3",
                "b");
        assertThat(traced.body()).contains("Ratings service is currently unavailable");
        assertThat(get(Instance.PRODUCTPAGE_V1, "/api/v1/products/0/reviews").body())
                .contains("\"color\":\"red\"");
    }

    private static Answer get(Instance instance, String path, String... headers) {
        return bookinfo.get(instance, path, headers);
    }
}
