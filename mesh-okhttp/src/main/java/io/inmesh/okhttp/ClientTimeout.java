package io.inmesh.okhttp;

import java.io.IOException;
import java.net.SocketTimeoutException;

/** The end of a wait that the client itself has bounded (its connect, read and write timeouts). */
final class ClientTimeout {
    private ClientTimeout() {}

    /**
     * The same failure, but for a timeout's cause: OkHttp ends a wait by closing the socket, and what that looks like from
     * inside says nothing about why. Many a log shows the innermost cause alone, so it is kept as suppressed.
     */
    static IOException of(IOException failure) {
        Throwable cause = failure.getCause();
        if (!(failure instanceof SocketTimeoutException) || cause == null) {
            return failure;
        }
        SocketTimeoutException plain = new SocketTimeoutException(failure.getMessage());
        plain.setStackTrace(failure.getStackTrace());
        plain.addSuppressed(cause);
        for (Throwable suppressed : failure.getSuppressed()) {
            plain.addSuppressed(suppressed);
        }
        return plain;
    }
}
