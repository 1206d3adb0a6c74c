package io.inmesh.kubernetes.internal.api;

import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;

/** What happened to a request or to the reading of its answer, as a sentence for people. Stateless. */
final class RequestFailureText {
    // OkHttp's own classes for these are internal.
    private static final String STREAM_RESET = "okhttp3.internal.http2.StreamResetException";
    private static final String SHUTDOWN = "okhttp3.internal.http2.ConnectionShutdownException";

    private RequestFailureText() {}

    /**
     * The sentence, without a full stop.
     *
     * @param server address of the API server, for people
     */
    static String of(IOException failure, String server) {
        if (failure instanceof ApiFailure || failure instanceof UnreachableException) {
            return String.valueOf(failure.getMessage());
        }
        String message = String.valueOf(failure.getMessage());
        if (failure.getClass().getName().equals(STREAM_RESET)) {
            // What OkHttp makes of a ping that nobody has answered.
            return message.endsWith("PROTOCOL_ERROR")
                    ? "the connection to " + server + " is dead, its pings are not answered"
                    : server + " has ended its answer early (HTTP/2, " + message + ")";
        }
        if (failure.getClass().getName().equals(SHUTDOWN)) {
            return server + " is closing the connection";
        }
        if (endsEarly(failure)) {
            return server + " has ended its answer early";
        }
        if (failure instanceof InterruptedIOException) {
            return server + " has not answered in time (" + message + ")";
        }
        if (failure instanceof SocketException) {
            return "the connection to " + server + " is broken (" + message + ")";
        }
        return failure.getClass() == IOException.class && failure.getMessage() != null
                ? message
                : "asking " + server + " has failed: " + failure;
    }

    private static boolean endsEarly(IOException failure) {
        return failure instanceof EOFException
                || failure.getCause() instanceof EOFException
                || failure instanceof JsonEOFException
                || (failure instanceof ProtocolException
                        && String.valueOf(failure.getMessage()).contains("unexpected end"));
    }
}
