package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.samples.bookinfo.RunningBookinfo.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each of bookinfo's rule files must do, over real sockets: the rules are dropped into the watched folder of a
 * running bookinfo, the page is fetched as a user would.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("one-jdk")
abstract class RuleFilesContract {
    private static final String NO_REVIEWS = "Error fetching product reviews!";
    private static final String NO_DETAILS = "Error fetching product details!";
    private static final String NO_RATINGS = "Ratings service is currently unavailable";
    private static final int CALLS = 800;

    /** One in ten thousand million correct runs lies further out. */
    private static final double SIGMAS = 6.5;

    RunningBookinfo bookinfo;

    /** Where the files of this run are. */
    abstract Path files();

    @BeforeAll
    void start(@TempDir Path rules) {
        bookinfo = RunningBookinfo.watching(rules);
    }

    @AfterAll
    void stop() {
        bookinfo.close();
    }

    @BeforeEach
    void onlySubsets() {
        bookinfo.forgetRules();
        drop("destination-rule-all.yaml");
    }

    void drop(String file) {
        bookinfo.drop(files().resolve(file));
    }

    /** Drops a file with a rule for a service and waits for it. */
    void apply(String service, String file) {
        drop(file);
        bookinfo.awaitRule(service, file);
    }

    @Test
    void destinationRuleAllAloneCallsEveryVersion() {
        assertThat(bookinfo.reviewsInstances(60)).containsOnlyKeys("reviews-v1", "reviews-v2", "reviews-v3");
    }

    @Test
    void destinationRuleReviewsPicksAtRandomAndKeepsTheSubsets() {
        drop("destination-rule-reviews.yaml");
        bookinfo.awaitEverywhere(mesh -> mesh.explain("GET", "http://reviews:9080/reviews/0", Map.of())
                .policies()
                .toString()
                .contains("RANDOM"));

        Map<String, Integer> counts = bookinfo.reviewsInstances(CALLS);
        assertThat(counts).containsOnlyKeys("reviews-v1", "reviews-v2", "reviews-v3");
        counts.values().forEach(count -> assertThat(count).isBetween(least(1 / 3.0), most(1 / 3.0)));

        apply("reviews", "virtual-service-reviews-v3.yaml");
        assertThat(bookinfo.reviewsInstances(20)).containsOnlyKeys("reviews-v3");
    }

    @Test
    void allV1ShowsNoStarsToAnybody() {
        apply("reviews", "virtual-service-all-v1.yaml");

        for (String user : new String[] {null, "jason"}) {
            assertThat(bookinfo.page(user).body())
                    .contains("reviews-v1 at", "no stars", "details-v1 at", "William Shakespeare")
                    .contains("outbound|9080|v1|details.default.svc.cluster.local")
                    .doesNotContain("Error fetching", "<svg");
        }
        assertThat(bookinfo.reviewsInstances(60)).containsOnlyKeys("reviews-v1");
    }

    @Test
    void testV2ShowsBlackStarsToJasonAlone() {
        apply("reviews", "virtual-service-all-v1.yaml");
        apply("reviews", "virtual-service-reviews-test-v2.yaml");

        assertThat(bookinfo.page("jason").body())
                .contains("reviews-v2 at", "black stars", "virtual-service-reviews-test-v2.yaml")
                .contains("outbound|9080|v1|ratings.default.svc.cluster.local");
        assertThat(bookinfo.page("Jason").body()).contains("reviews-v1 at", "no stars");
        assertThat(bookinfo.page("jasons").body()).contains("reviews-v1 at", "no stars");
        assertThat(bookinfo.page(null).body()).contains("reviews-v1 at", "no stars");
    }

    @Test
    void jasonV2V3ShowsBlackStarsToJasonAndRedOnesToEverybodyElse() {
        apply("reviews", "virtual-service-reviews-jason-v2-v3.yaml");

        assertThat(bookinfo.page("jason").body()).contains("reviews-v2 at", "black stars");
        assertThat(bookinfo.page("Jason").body()).contains("reviews-v3 at", "red stars");
        assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
    }

    @Test
    void v3ShowsRedStarsToEverybody() {
        apply("reviews", "virtual-service-reviews-v3.yaml");

        assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
        assertThat(bookinfo.reviewsInstances(60)).containsOnlyKeys("reviews-v3");
    }

    @ParameterizedTest
    @CsvSource({
        "virtual-service-reviews-80-20.yaml, reviews-v1, reviews-v2, 0.2",
        "virtual-service-reviews-90-10.yaml, reviews-v1, reviews-v2, 0.1",
        "virtual-service-reviews-50-v3.yaml, reviews-v1, reviews-v3, 0.5",
        "virtual-service-reviews-v2-v3.yaml, reviews-v2, reviews-v3, 0.5",
    })
    void weightsSplitTheCalls(String file, String first, String second, double shareOfSecond) {
        apply("reviews", file);

        Map<String, Integer> counts = bookinfo.reviewsInstances(CALLS);

        assertThat(counts).containsOnlyKeys(first, second);
        assertThat(counts.get(second)).isBetween(least(shareOfSecond), most(shareOfSecond));
        assertThat(counts.get(first) + counts.get(second)).isEqualTo(CALLS);
    }

    @Test
    void delayOfRatingsBringsTheTimeoutsToLight() {
        apply("reviews", "virtual-service-all-v1.yaml");
        apply("reviews", "virtual-service-reviews-test-v2.yaml");
        apply("ratings", "virtual-service-ratings-test-delay.yaml");

        CompletableFuture<Answer> jasonsPage = bookinfo.later(() -> bookinfo.page("jason"));
        CompletableFuture<Answer> v2 =
                bookinfo.later(() -> bookinfo.get(Instance.REVIEWS_V2, "/reviews/0", "end-user", "jason"));
        CompletableFuture<Answer> v3 =
                bookinfo.later(() -> bookinfo.get(Instance.REVIEWS_V3, "/reviews/0", "end-user", "jason"));
        Answer otherPage = bookinfo.page("Jason");
        Answer otherReviews = bookinfo.get(Instance.REVIEWS_V2, "/reviews/0");

        assertThat(otherPage.body()).contains("reviews-v1 at").doesNotContain("Error fetching");
        assertThat(otherPage.took()).isLessThan(Duration.ofSeconds(3));
        assertThat(otherReviews.body()).contains("\"stars\":5");
        assertThat(otherReviews.took()).isLessThan(Duration.ofSeconds(3));

        Answer page = jasonsPage.join();
        assertThat(page.body())
                .contains(NO_REVIEWS, "Sorry, product reviews are currently unavailable for this book.")
                .contains("William Shakespeare")
                .doesNotContain("<svg");
        // Two tries of 3 s each.
        assertThat(page.took()).isBetween(Duration.ofMillis(5900), Duration.ofSeconds(12));

        // Version 2 waits 10 s for ratings, and so gets its stars after the delay.
        assertThat(v2.join().body()).contains("\"stars\":5", "black").doesNotContain(NO_RATINGS);
        assertThat(v2.join().took()).isBetween(Duration.ofMillis(6900), Duration.ofSeconds(10));

        // Version 3 waits 2.5 s.
        assertThat(v3.join().body()).contains(NO_RATINGS).doesNotContain("\"stars\"");
        assertThat(v3.join().took()).isBetween(Duration.ofMillis(2400), Duration.ofMillis(6500));
    }

    @Test
    void abortOfRatingsNeverReachesRatings() {
        apply("reviews", "virtual-service-reviews-jason-v2-v3.yaml");
        apply("ratings", "virtual-service-ratings-test-abort.yaml");
        long before = bookinfo.answered(Instance.RATINGS_V1, "/ratings/{id}");

        for (int i = 0; i < 5; i++) {
            assertThat(bookinfo.page("jason").body())
                    .contains("reviews-v2 at", NO_RATINGS, "500")
                    .doesNotContain("<svg", "Error fetching");
        }
        assertThat(bookinfo.answered(Instance.RATINGS_V1, "/ratings/{id}")).isEqualTo(before);

        assertThat(bookinfo.page("Jason").body())
                .contains("reviews-v3 at", "red stars")
                .doesNotContain(NO_RATINGS);
        assertThat(bookinfo.answered(Instance.RATINGS_V1, "/ratings/{id}")).isEqualTo(before + 1);
    }

    @Test
    void faultInjectionOfDetailsAnswers555WithoutReachingDetails() {
        apply("reviews", "virtual-service-all-v1.yaml");
        apply("details", "fault-injection-details-v1.yaml");
        long before = bookinfo.answered(Instance.DETAILS_V1, "/details/{id}");

        assertThat(bookinfo.page(null).body())
                .contains(NO_DETAILS, "Sorry, product details are currently unavailable for this book.", "555")
                .contains("reviews-v1 at")
                .doesNotContain(NO_REVIEWS);
        assertThat(bookinfo.get(Instance.PRODUCTPAGE_V1, "/api/v1/products/0").status())
                .isEqualTo(555);
        assertThat(bookinfo.answered(Instance.DETAILS_V1, "/details/{id}")).isEqualTo(before);
    }

    private static int least(double share) {
        return (int) Math.floor(CALLS * share - SIGMAS * deviation(share));
    }

    private static int most(double share) {
        return (int) Math.ceil(CALLS * share + SIGMAS * deviation(share));
    }

    private static double deviation(double share) {
        return Math.sqrt(CALLS * share * (1 - share));
    }
}
