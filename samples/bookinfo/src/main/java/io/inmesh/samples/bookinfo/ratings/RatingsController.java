package io.inmesh.samples.bookinfo.ratings;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RatingsController {

    record Ratings(int id, Map<String, Integer> ratings) {}

    @GetMapping("/ratings/{id}")
    Ratings ratings(@PathVariable int id) {
        return new Ratings(id, new TreeMap<>(Map.of("Reviewer1", 5, "Reviewer2", 4)));
    }

    @GetMapping("/health")
    Map<String, String> health() {
        return Map.of("status", "Ratings is healthy");
    }
}
