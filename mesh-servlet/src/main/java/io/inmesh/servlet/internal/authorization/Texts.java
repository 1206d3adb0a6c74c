package io.inmesh.servlet.internal.authorization;

import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;

/** Lines of headers. */
final class Texts {
    private Texts() {}

    /** Values of all lines of a header, in order. */
    static List<String> header(RequestHead head, String name) {
        String first = null;
        List<String> several = null;
        for (int i = 0; i < head.headerCount(); i++) {
            if (!head.headerName(i).equalsIgnoreCase(name)) {
                continue;
            }
            if (first == null) {
                first = head.headerValue(i);
            } else {
                if (several == null) {
                    several = new ArrayList<>();
                    several.add(first);
                }
                several.add(head.headerValue(i));
            }
        }
        return several != null ? several : first == null ? List.of() : List.of(first);
    }
}
