package io.inmesh.servlet.internal.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The id of a request, by which its traces are found in the logs of all who have a part in it. */
public final class RequestId {
    /** As Envoy has it. */
    public static final String HEADER = "x-request-id";

    private static final int LONGEST = 128;

    private RequestId() {}

    /** The id that a request came with; null when it has none, several, or something that is none. */
    public static @Nullable String told(HttpServletRequest request) {
        List<String> told = Collections.list(request.getHeaders(HEADER));
        return told.size() == 1 && isUsable(told.get(0)) ? told.get(0) : null;
    }

    /**
     * The id that a request came with, or a new one.
     *
     * @param ids makes new ones
     */
    public static String of(HttpServletRequest request, Supplier<String> ids) {
        String told = told(request);
        return told == null ? ids.get() : told;
    }

    /** Whether a text can be an id: 1 to 128 visible characters of ASCII, so that it can stand in any log. */
    private static boolean isUsable(String id) {
        return !id.isEmpty() && id.length() <= LONGEST && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
