package io.inmesh.samples.bookinfo.reviews;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What tells the versions of reviews apart.
 *
 * @param starColor colour of the stars; empty for the version that shows none and does not call ratings
 */
@ConfigurationProperties("reviews")
record ReviewsProperties(@DefaultValue("") String starColor) {

    boolean showsStars() {
        return !starColor.isEmpty();
    }
}
