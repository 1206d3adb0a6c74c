package io.inmesh.okhttp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** What OkHttp's failures mean. */
final class FailureKind {
    private FailureKind() {}

    /** The innermost cause says more than OkHttp's, which names the address that it thinks it called. */
    static String reason(IOException failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message;
    }

    /** Under TLS an interrupted handshake is a failure of TLS, whose cause alone says more; a user's socket says nothing. */
    static boolean isInterruption(IOException failure) {
        for (Throwable cause = failure; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof InterruptedIOException) {
                return !(cause instanceof SocketTimeoutException);
            }
        }
        return Thread.currentThread().isInterrupted();
    }

    // OkHttp's module does not export the two classes, so they are known by name.

    static boolean isConnectionShutdown(IOException failure) {
        return failure.getClass().getName().equals("okhttp3.internal.http2.ConnectionShutdownException");
    }

    static boolean isStreamReset(IOException failure) {
        return failure.getClass().getName().equals("okhttp3.internal.http2.StreamResetException");
    }

    static boolean isRefusedStream(IOException failure) {
        return isStreamReset(failure) && String.valueOf(failure.getMessage()).endsWith("REFUSED_STREAM");
    }

    static boolean isReset(IOException failure) {
        return isStreamReset(failure)
                || reason(failure).toLowerCase(Locale.ROOT).contains("reset");
    }
}
