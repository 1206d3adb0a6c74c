package io.inmesh.kubernetes.internal.api;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API server answered, and the answer is an error: a {@code Status}, or whatever a proxy before it said. */
public final class ApiFailure extends IOException {
    private static final long serialVersionUID = 1;

    private static final String TOO_LARGE = "ResourceVersionTooLarge";
    // What servers before 1.18 say; they give no cause.
    private static final String TOO_LARGE_TEXT = "Too large resource version";

    private final int code;
    private final String reason;
    private final transient List<String> causes;
    private final transient @Nullable Duration retryAfter;

    /**
     * Tells what the server said.
     *
     * @param code HTTP status, or the code of the {@code Status} in a watch
     * @param reason such as {@code Expired}, empty when the server gave none
     * @param message for people
     * @param causes reasons of the causes
     * @param retryAfter how long the server wants to be left alone, null when it did not say
     */
    public ApiFailure(int code, String reason, String message, List<String> causes, @Nullable Duration retryAfter) {
        super("the API server says " + code + (reason.isEmpty() ? "" : " " + reason)
                + (message.isEmpty() ? "" : ": " + message));
        this.code = code;
        this.reason = reason;
        this.causes = List.copyOf(causes);
        this.retryAfter = retryAfter;
    }

    /** HTTP status. */
    public int code() {
        return code;
    }

    /** How long the server wants to be left alone, null when it did not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The resource version or continue token asked for is too old. */
    public boolean gone() {
        return code == 410 || reason.equals("Expired") || reason.equals("Gone");
    }

    /** The resource version asked for is one that this server has not reached, as after a restore of its data. */
    public boolean resourceVersionTooLarge() {
        return causes.contains(TOO_LARGE)
                || (code == 504 && String.valueOf(getMessage()).contains(TOO_LARGE_TEXT));
    }

    /** The server does not let us: the message names verb and resource. */
    public boolean forbidden() {
        return code == 403;
    }

    /** The server does not have such a resource. */
    public boolean notServed() {
        return code == 404;
    }

    /** The server has too much to do just now. */
    public boolean busy() {
        return code == 429 || code == 503;
    }

    /** The server did not understand or accept the request as it was. */
    public boolean rejected() {
        return code == 400 || code == 405 || code == 406 || code == 422;
    }
}
