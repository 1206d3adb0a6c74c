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
        if (expected != null
                && headers.stream().noneMatch(header -> header.name().equalsIgnoreCase(expected.name()))) {
            headers.add(expected);
        }
        headers.removeIf(header -> observers.stream().anyMatch(one -> one.name().equalsIgnoreCase(header.name())));
        headers.addAll(observers);
        return headers;
    }
}
