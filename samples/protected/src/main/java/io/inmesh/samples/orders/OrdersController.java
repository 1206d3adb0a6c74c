package io.inmesh.samples.orders;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Looks at no token and asks nobody's name; {@code x-user} is there for those who have been let in. */
@RestController
class OrdersController {
    private final Map<Integer, String> orders = new ConcurrentSkipListMap<>(Map.of(1, "a teapot", 2, "two cups"));

    @GetMapping("/")
    String welcome() {
        return "Orders are at /orders.\n";
    }

    @GetMapping("/orders")
    String orders(@RequestHeader(name = "x-user", required = false) @Nullable String user) {
        return "Orders for " + user + ": " + orders.values() + "\n";
    }

    @DeleteMapping("/orders/{id}")
    String delete(@PathVariable int id) {
        return orders.remove(id) == null ? "There is no order " + id + ".\n" : "Order " + id + " is deleted.\n";
    }
}
