package io.inmesh.call;

import java.util.List;

/** Edits of response headers, a pure function. */
@FunctionalInterface
public interface ResponseEdits {
    /**
     * The headers that the caller is to see.
     *
     * @param status of the response
     * @param headers as received
     */
    List<HeaderField> apply(int status, List<HeaderField> headers);
}
