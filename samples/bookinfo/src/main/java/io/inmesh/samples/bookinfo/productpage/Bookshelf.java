package io.inmesh.samples.bookinfo.productpage;

import io.inmesh.samples.bookinfo.web.CallNotes;
import io.inmesh.samples.bookinfo.web.InstanceHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Asks the other services about a book. How long each answer may take is {@code spring.http.clients.read-timeout}; the
 * names in the URLs are the services' own, where they are is the mesh's business.
 */
@Component
class Bookshelf {
    private static final Logger LOG = LoggerFactory.getLogger(Bookshelf.class);
    private static final int REVIEWS_TRIES = 2;

    private final RestClient http;

    Bookshelf(RestClient.Builder http) {
        this.http = http.build();
    }

    Answer<BookDetails> details(String productId) {
        return ask(
                "http://details:9080/details/{id}",
                productId,
                BookDetails.class,
                "Sorry, product details are currently unavailable for this book.");
    }

    Answer<BookReviews> reviews(String productId) {
        Answer<BookReviews> answer;
        int tries = 0;
        do {
            answer = ask(
                    "http://reviews:9080/reviews/{id}",
                    productId,
                    BookReviews.class,
                    "Sorry, product reviews are currently unavailable for this book.");
            tries++;
        } while (!answer.ok() && tries < REVIEWS_TRIES);
        return answer;
    }

    Answer<BookRatings> ratings(String productId) {
        return ask(
                "http://ratings:9080/ratings/{id}",
                productId,
                BookRatings.class,
                "Sorry, product ratings are currently unavailable for this book.");
    }

    private <T> Answer<T> ask(String url, String productId, Class<T> type, String apology) {
        try {
            return http.get().uri(url, productId).exchangeForRequiredValue((request, response) -> {
                int status = response.getStatusCode().value();
                String instance = response.getHeaders().getFirst(InstanceHeader.NAME);
                String calls = response.getHeaders().getFirst(CallNotes.HEADER);
                return status == HttpStatus.OK.value()
                        ? new Answer<>(status, response.bodyTo(type), instance == null ? "" : instance, calls, "")
                        : Answer.failed(status, instance == null ? "" : instance, calls, apology);
            });
        } catch (RestClientException noAnswer) {
            LOG.info(
                    "no answer from {}: {}",
                    url,
                    NestedExceptionUtils.getMostSpecificCause(noAnswer).toString());
            return Answer.failed(HttpStatus.INTERNAL_SERVER_ERROR.value(), "", null, apology);
        }
    }
}
