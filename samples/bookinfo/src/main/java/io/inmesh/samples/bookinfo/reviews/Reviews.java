package io.inmesh.samples.bookinfo.reviews;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of reviews. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Reviews(String id, String podname, String clustername, List<Review> reviews) {

    /** One review; without a rating in the version that shows none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Review(String reviewer, String text, @Nullable Rating rating) {}

    /** Either stars with their colour, or an error. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rating(
            @Nullable Integer stars,
            @Nullable String color,
            @Nullable String error) {}
}
