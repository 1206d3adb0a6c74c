package io.inmesh.servlet.internal.forward;

import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.event.ResponseFlag;
import io.inmesh.servlet.internal.answer.GatewayFault;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What a client is answered when its request was not: Envoy's statuses, flags and texts. */
final class UpstreamFaults {
    private static final int BAD_REQUEST = 400;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final List<HeaderField> CLOSE = List.of(new HeaderField("Connection", "close"));

    private UpstreamFaults() {}

    /** For a call that failed. */
    static GatewayFault of(IOException failure) {
        if (failure instanceof MeshException decided) {
            ResponseFlag flag = decided.flag();
            int status = decided.status() == 0 ? UNAVAILABLE : decided.status();
            return GatewayFault.of(status, flag.name(), flag.text());
        }
        if (failure instanceof SocketTimeoutException) {
            return GatewayFault.of(GATEWAY_TIMEOUT, "SI", "stream timeout");
        }
        if (failure instanceof ProtocolException) {
            return GatewayFault.of(BAD_GATEWAY, "UPE", "upstream protocol error");
        }
        // OkHttp's words for a stream of HTTP/2; a connection that is reset is one that has ended.
        boolean stream = String.valueOf(failure.getMessage()).startsWith("stream was reset");
        ResponseFlag flag = stream ? ResponseFlag.UR : ResponseFlag.UC;
        return GatewayFault.of(UNAVAILABLE, flag.name(), flag.text());
    }

    /** For a body that could not be read. What is left of it cannot be told from the next request. */
    static GatewayFault ofBody(IOException failure) {
        if (failure instanceof RequestContent.TooLarge) {
            return new GatewayFault(TOO_LARGE, "DPE", "the request body is too large", CLOSE);
        }
        if (isTimeout(failure)) {
            return new GatewayFault(REQUEST_TIMEOUT, "SI", "the request body did not come in time", CLOSE);
        }
        return new GatewayFault(BAD_REQUEST, "DC", "the request body did not come in full", CLOSE);
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }
}
