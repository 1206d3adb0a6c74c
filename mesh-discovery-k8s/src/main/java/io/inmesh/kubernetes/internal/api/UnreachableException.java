package io.inmesh.kubernetes.internal.api;

import java.io.IOException;

/** No connection to the API server could be made, so the server had no work with this request. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1;

    /** Wraps what the connecting said. */
    public UnreachableException(IOException cause) {
        super("the API server cannot be reached: " + cause, cause);
    }
}
