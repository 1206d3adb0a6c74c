package io.inmesh.samples.bookinfo.productpage;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.samples.bookinfo.productpage.BookReviews.Rating;
import io.inmesh.samples.bookinfo.productpage.BookReviews.Review;
import io.inmesh.samples.bookinfo.web.CallNote;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductPageTest {
    private static final Answer<BookDetails> DETAILS = new Answer<>(
            200,
            new BookDetails(0, "An Author", 1595, "paperback", 200, "PublisherA", "English", "12-10", "12-13"),
            "details-v1 at 127.0.0.1:9081",
            null,
            "");

    private final ProductPage page = new ProductPage();

    @Test
    void showsTheStarsOfTheVersionThatAnswered() {
        assertThat(render("jason", reviews("reviews-v2", new Rating(4, "black", null))))
                .contains("4 of 5 black stars", "reviews-v2 at 127.0.0.1:9083", ", black stars", "An Author")
                .doesNotContain("red stars", "Error fetching");
        assertThat(render(null, reviews("reviews-v3", new Rating(4, "red", null))))
                .contains("4 of 5 red stars")
                .doesNotContain("black stars");
    }

    @Test
    void showsNoStarsWhereTheVersionHasNone() {
        assertThat(render(null, reviews("reviews-v1", null)))
                .contains("a text", "reviews-v1", ", no stars")
                .doesNotContain("<svg");
    }

    @Test
    void saysWhenRatingsAreMissing() {
        assertThat(render(null, reviews("reviews-v2", new Rating(null, null, "Ratings are out"))))
                .contains("Ratings are out", ", no ratings")
                .doesNotContain("<svg");
    }

    @Test
    void saysWhenAServiceFailed() {
        String html = page.render(
                Product.THE_BOOK,
                null,
                Answer.failed(555, "", null, "No details & so on"),
                Answer.failed(500, "", null, "No reviews today"),
                List.of(),
                List.of("bad.yaml:3:5: error: spec.http: no <route>"),
                List.of("odd.yaml:4:6: warning: spec.host: <nobody> has it"));

        assertThat(html)
                .containsSubsequence(
                        "Rules have errors; for what is refused the last good ones stay in force",
                        "bad.yaml:3:5: error: spec.http: no &lt;route&gt;",
                        "Rules are in force, with warnings",
                        "odd.yaml:4:6: warning: spec.host: &lt;nobody&gt; has it")
                .contains("Error fetching product details!", "No details &amp; so on")
                .contains("Error fetching product reviews!", "No reviews today")
                .doesNotContain("Answered by");
    }

    @Test
    void offersToSignInOrOut() {
        assertThat(render(null, reviews("reviews-v1", null)))
                .contains("action=\"/login\"", "name=\"username\"")
                .doesNotContain("/logout");
        assertThat(render("<b>eve</b>", reviews("reviews-v1", null)))
                .contains("Signed in as <b>&lt;b&gt;eve&lt;/b&gt;</b>", "/logout")
                .doesNotContain("action=\"/login\"");
    }

    @Test
    void namesTheRuleOfEachCall() {
        String html = page.render(
                Product.THE_BOOK,
                "jason",
                DETAILS,
                reviews("reviews-v2", null),
                List.of(
                        new CallNote(
                                "productpage-v1",
                                "http://reviews:9080/reviews/0",
                                "VirtualService default/reviews in a<b.yaml:9",
                                "header end-user is exactly jason",
                                "outbound|9080|v2|reviews.default.svc.cluster.local",
                                "200",
                                "http://127.0.0.1:9080/actuator/mesh/explain?method=GET&url=x"),
                        new CallNote(
                                "reviews-v2",
                                "http://ratings:9080/ratings/0",
                                "no VirtualService",
                                "",
                                "",
                                "500 (FI)",
                                "http://127.0.0.1:9083/")),
                List.of(),
                List.of());

        assertThat(html)
                .contains("VirtualService default/reviews in a&lt;b.yaml:9", "header end-user is exactly jason")
                .contains("outbound|9080|v2|reviews.default.svc.cluster.local")
                .contains("href=\"http://127.0.0.1:9080/actuator/mesh/explain?method=GET&amp;url=x\"")
                .contains("from reviews-v2", "no VirtualService", "nowhere", "500 (FI)");
    }

    @Test
    void needsNothingFromElsewhere() {
        assertThat(render(null, reviews("reviews-v1", null)))
                .doesNotContain("<script", "src=", "@import", "url(", "{{")
                .doesNotContain("<link rel=\"stylesheet\"");
    }

    private String render(String user, Answer<BookReviews> reviews) {
        return page.render(Product.THE_BOOK, user, DETAILS, reviews, List.of(), List.of(), List.of());
    }

    private static Answer<BookReviews> reviews(String podname, Rating rating) {
        return new Answer<>(
                200,
                new BookReviews("0", podname, "loopback", List.of(new Review("Reviewer1", "a text", rating))),
                podname + " at 127.0.0.1:9083",
                null,
                "");
    }
}
