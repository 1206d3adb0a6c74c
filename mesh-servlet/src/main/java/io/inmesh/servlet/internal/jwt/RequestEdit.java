package io.inmesh.servlet.internal.jwt;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.servlet.internal.arrival.HeaderSpelling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Changes to a request before it goes on. Used by one thread. */
final class RequestEdit {
    private final RequestHead head;
    private final List<HeaderField> headers;
    private String pathAndQuery;

    RequestEdit(RequestHead head) {
        this.head = head;
        this.headers = new ArrayList<>(head.headerFields());
        this.pathAndQuery = head.pathAndQuery();
    }

    List<HeaderField> headers() {
        return List.copyOf(headers);
    }

    String pathAndQuery() {
        return pathAndQuery;
    }

    void pathAndQuery(String changed) {
        pathAndQuery = changed;
    }

    void removeHeader(String name) {
        headers.removeIf(field -> HeaderSpelling.isSame(field.name(), name));
    }

    void removeHeaders(Predicate<String> names) {
        headers.removeIf(field -> names.test(field.name()));
    }

    void addHeader(String name, String value) {
        headers.add(new HeaderField(name, value));
    }

    RequestHead head() {
        return head;
    }
}
