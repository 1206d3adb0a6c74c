package io.inmesh.samples.bookinfo.reviews;

import io.inmesh.samples.bookinfo.reviews.Reviews.Rating;
import io.inmesh.samples.bookinfo.reviews.Reviews.Review;
import io.inmesh.samples.bookinfo.web.CallNotes;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReviewsController {
    private static final String NO_RATINGS = "Ratings service is currently unavailable";

    private final ReviewsProperties properties;
    private final RatingsClient ratings;
    private final CallNotes notes;
    private final String instance;

    ReviewsController(
            ReviewsProperties properties,
            RatingsClient ratings,
            CallNotes notes,
            @Value("${spring.application.name}") String instance) {
        this.properties = properties;
        this.ratings = ratings;
        this.notes = notes;
        this.instance = instance;
    }

    @GetMapping("/reviews/{productId}")
    Reviews reviews(@PathVariable String productId, HttpServletResponse response) {
        Map<String, Integer> stars = properties.showsStars() ? ratings.stars(productId) : null;
        response.setHeader(CallNotes.HEADER, notes.toHeader(notes.ofCurrentRequest()));
        return new Reviews(
                productId,
                instance,
                "loopback",
                List.of(
                        new Review(
                                "Reviewer1",
                                "Two pairs of twins, one afternoon, and not a dull minute. I read it aloud and could"
                                        + " not finish for laughing.",
                                rating(stars, "Reviewer1")),
                        new Review(
                                "Reviewer2",
                                "Slight, quick and funny. The plot is a machine, and it is a pleasure to hear it"
                                        + " tick; for depth, pick another play.",
                                rating(stars, "Reviewer2"))));
    }

    @GetMapping("/health")
    Map<String, String> health() {
        return Map.of("status", "Reviews is healthy");
    }

    private @Nullable Rating rating(@Nullable Map<String, Integer> stars, String reviewer) {
        if (!properties.showsStars()) {
            return null;
        }
        Integer count = stars == null ? null : stars.get(reviewer);
        return count == null ? new Rating(null, null, NO_RATINGS) : new Rating(count, properties.starColor(), null);
    }
}
