package io.inmesh.okhttp;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** What OkHttp's failures mean. */
final class FailureKind {
    private FailureKind() {}

    /**
     * What a failure says of an attempt, or of a request that passes through.
     *
     * @param canceled whether it or its call has been cancelled, or the caller could not hand over the request
     * @param trace null when sending has not come so far
     * @param replayable whether the request can be sent any number of times
     */
    static Outcome outcome(IOException failure, boolean canceled, @Nullable AttemptTrace trace, boolean replayable) {
        if (canceled || isInterruption(failure)) {
            return new Outcome.Canceled();
        }
        String reason = reason(failure);
        if (trace != null && (trace.body().broke() || isShortBody(failure, trace))) {
            return new Outcome.Failed(ResponseFlag.LR, reason);
        }
        if (trace == null || !trace.sending()) {
            if (failure instanceof UnknownHostException) {
                return new Outcome.NeverSent(ResponseFlag.DF, reason);
            }
            // Without a connection it was not the network: another interceptor, or a setting of the client.
            return trace != null && trace.connecting()
                    ? new Outcome.NeverSent(ResponseFlag.UF, reason)
                    : new Outcome.Failed(ResponseFlag.LR, reason);
        }
        boolean unprocessed = isConnectionShutdown(failure) || isRefusedStream(failure);
        if (unprocessed && (replayable || !trace.body().started())) {
            return new Outcome.NeverSent(ResponseFlag.UR, reason);
        }
        if (failure instanceof SocketTimeoutException) {
            // The client's own timeout: to Envoy, a caller that hangs up. UT is the route's.
            return new Outcome.Failed(ResponseFlag.DC, reason);
        }
        // As Envoy has it, a connection that is reset is one that has ended; UR is a stream of HTTP/2.
        return new Outcome.Failed(isStreamReset(failure) ? ResponseFlag.UR : ResponseFlag.UC, reason);
    }

    /** Whether a body has given fewer bytes than its length, which OkHttp notices at its end, or more. */
    private static boolean isShortBody(IOException failure, AttemptTrace trace) {
        return failure instanceof ProtocolException
                && trace.status() == 0
                && trace.body().isUnfinished();
    }

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

    /** Whether this side has reset the stream, or the server with the same code. */
    static boolean isCanceledStream(IOException failure) {
        return isStreamReset(failure) && String.valueOf(failure.getMessage()).endsWith("CANCEL");
    }

    static boolean isRefusedStream(IOException failure) {
        return isStreamReset(failure) && String.valueOf(failure.getMessage()).endsWith("REFUSED_STREAM");
    }
}
