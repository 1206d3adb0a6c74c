package io.inmesh.servlet.internal.jwt;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;

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
        headers.removeIf(field -> isSame(field.name(), name));
    }

    void addHeader(String name, String value) {
        headers.add(new HeaderField(name, value));
    }

    RequestHead head() {
        return head;
    }

    /** Whether whoever reads a header by one name may get it by the other: servers and languages mix up {@code - _ .}. */
    static boolean isSame(String name, String other) {
        if (name.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (plain(name.charAt(i)) != plain(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char plain(char c) {
        return c == '_' || c == '.' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }
}
