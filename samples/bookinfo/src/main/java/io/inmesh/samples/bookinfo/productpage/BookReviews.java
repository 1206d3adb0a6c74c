package io.inmesh.samples.bookinfo.productpage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reviews answers. */
record BookReviews(String id, String podname, String clustername, List<Review> reviews) {

    /** One review; the version without stars sends no rating. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Review(String reviewer, String text, @Nullable Rating rating) {}

    /** Either stars with their colour, or an error. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rating(
            @Nullable Integer stars,
            @Nullable String color,
            @Nullable String error) {}
}
