package io.inmesh.kubernetes.internal.api;

import java.io.IOException;

/** No connection to the API server could be made, so the server had no work with this request. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Wraps what the connecting said.
     *
     * @param server its name for people
     */
    public UnreachableException(String server, IOException cause) {
        super(server + " cannot be reached: " + cause, cause);
    }
}
