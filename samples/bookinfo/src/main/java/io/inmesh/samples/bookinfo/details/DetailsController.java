package io.inmesh.samples.bookinfo.details;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class DetailsController {

    record Details(
            int id,
            String author,
            int year,
            String type,
            int pages,
            String publisher,
            String language,
            @JsonProperty("ISBN-10") String isbn10,
            @JsonProperty("ISBN-13") String isbn13) {}

    @GetMapping("/details/{id}")
    Details details(@PathVariable int id) {
        return new Details(
                id,
                "William Shakespeare",
                1595,
                "paperback",
                200,
                "PublisherA",
                "English",
                "1234567890",
                "123-1234567890");
    }

    @GetMapping("/health")
    Map<String, String> health() {
        return Map.of("status", "Details is healthy");
    }
}
