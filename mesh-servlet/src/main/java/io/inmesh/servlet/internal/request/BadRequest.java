package io.inmesh.servlet.internal.request;

/** A request that is refused for what it is, before anybody judges it. Its message is for whoever sent it. */
public final class BadRequest extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Makes a refusal. */
    public BadRequest(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** 400 to 599. */
    public int status() {
        return status;
    }

    /** The text for the sender. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
