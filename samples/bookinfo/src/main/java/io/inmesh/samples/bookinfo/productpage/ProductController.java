package io.inmesh.samples.bookinfo.productpage;

import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The JSON API, and the health path of the public sample. */
@RestController
class ProductController {
    private final Bookshelf bookshelf;

    ProductController(Bookshelf bookshelf) {
        this.bookshelf = bookshelf;
    }

    @GetMapping("/api/v1/products")
    List<Product> products() {
        return Product.all();
    }

    @GetMapping("/api/v1/products/{id}")
    ResponseEntity<Object> details(@PathVariable String id) {
        return json(bookshelf.details(id));
    }

    @GetMapping("/api/v1/products/{id}/reviews")
    ResponseEntity<Object> reviews(@PathVariable String id) {
        return json(bookshelf.reviews(id));
    }

    @GetMapping("/api/v1/products/{id}/ratings")
    ResponseEntity<Object> ratings(@PathVariable String id) {
        return json(bookshelf.ratings(id));
    }

    @GetMapping(path = "/health", produces = MediaType.TEXT_PLAIN_VALUE)
    String health() {
        return "Product page is healthy";
    }

    private static ResponseEntity<Object> json(Answer<?> answer) {
        Object body = answer.body();
        return ResponseEntity.status(answer.status())
                .contentType(MediaType.APPLICATION_JSON)
                .body(body == null ? Map.of("error", answer.apology()) : body);
    }
}
