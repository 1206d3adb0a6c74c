package io.inmesh.samples.bookinfo.reviews;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Asks ratings. How long it waits is {@code spring.http.clients.read-timeout} of the version. */
@Component
class RatingsClient {
    private static final Logger LOG = LoggerFactory.getLogger(RatingsClient.class);

    record Ratings(int id, Map<String, Integer> ratings) {}

    private final RestClient http;

    RatingsClient(RestClient.Builder http) {
        this.http = http.build();
    }

    /** Stars by reviewer, or null when ratings did not tell. */
    @Nullable
    Map<String, Integer> stars(String productId) {
        try {
            Ratings ratings = http.get()
                    .uri("http://ratings:9080/ratings/{id}", productId)
                    .retrieve()
                    .body(Ratings.class);
            return ratings == null ? null : ratings.ratings();
        } catch (RestClientException failed) {
            LOG.info(
                    "no ratings: {}",
                    NestedExceptionUtils.getMostSpecificCause(failed).toString());
            return null;
        }
    }
}
