package io.inmesh.internal.engine;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers that one attempt sends. */
final class AttemptHeaders {
    private AttemptHeaders() {}

    /**
     * All headers to send; null for those of the request.
     *
     * @param planned those of the call; null for those of the request
     * @param expected added where there is none of that name yet; null for nothing
     * @param observers take the place of those of their names
     */
    static @Nullable List<HeaderField> of(
            RequestHead request,
            @Nullable List<HeaderField> planned,
            @Nullable HeaderField expected,
            List<HeaderField> observers) {
        if (expected == null && observers.isEmpty()) {
            return planned;
        }
        List<HeaderField> headers = planned == null ? request.headerFields() : new ArrayList<>(planned);
        if (expected != null && !names(headers, expected.name())) {
            headers.add(expected);
        }
        headers.removeIf(header -> names(observers, header.name()));
        headers.addAll(observers);
        return headers;
    }

    /** Whether a header of the name is among them; without a stream for each, as this is done for each attempt. */
    private static boolean names(List<HeaderField> headers, String name) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).name().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
