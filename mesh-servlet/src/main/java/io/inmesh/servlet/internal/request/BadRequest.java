package io.inmesh.servlet.internal.request;

import io.inmesh.call.HeaderField;
import java.util.List;

/** A request that is refused for what it is, before anybody judges it. Its message is for whoever sent it. */
public final class BadRequest extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean endsConnection;

    /** Makes a refusal. */
    public BadRequest(int status, String message) {
        this(status, message, false);
    }

    /**
     * Makes a refusal.
     *
     * @param endsConnection whether nobody can say for certain where the request ends, and another one begins
     */
    BadRequest(int status, String message, boolean endsConnection) {
        super(message, null, false, false);
        this.status = status;
        this.endsConnection = endsConnection;
    }

    /** 400 to 599. */
    public int status() {
        return status;
    }

    /** Headers of the answer. */
    public List<HeaderField> headers() {
        return endsConnection ? List.of(new HeaderField("Connection", "close")) : List.of();
    }

    /** The text for the sender. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
