package io.inmesh.servlet.internal.forward;

import io.inmesh.okhttp.GatewayCall;
import io.inmesh.servlet.internal.answer.ServerHeader;
import io.inmesh.servlet.internal.request.HeaderText;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.Response;
import okio.BufferedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends answers of servers back, as they come: what has come is sent before more is waited for. Thread-safe. */
final class AnswerRelay {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerRelay.class);
    private static final int CHUNK = 8192;

    private final ServerHeader serverHeader;

    AnswerRelay(ServerHeader serverHeader) {
        this.serverHeader = serverHeader;
    }

    /** Copies status and headers; nothing is sent by that. */
    void head(Response from, HttpServletResponse to) {
        to.setStatus(from.code());
        Headers headers = from.headers();
        HopByHop hopByHop = HopByHop.of(headers.values("Connection"));
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            boolean dropped = name.equals("content-length") || (name.equals("server") && !serverHeader.kept());
            if (!dropped && !hopByHop.contains(name)) {
                String value = HeaderText.toContainer(headers.value(i));
                if (name.equals("server") || name.equals("date")) {
                    // A container has set its own.
                    to.setHeader(headers.name(i), value);
                } else {
                    to.addHeader(headers.name(i), value);
                }
            }
        }
        serverHeader.apply(to);
    }

    /**
     * Copies the body.
     *
     * @param call that {@code from} answers
     * @param toHead whether the request was a HEAD, whose answer has the length of a body and no body
     * @param trailers whether the client takes fields behind a body
     * @throws UpstreamBroken when the server's answer ends early
     * @throws IOException when the client is gone
     */
    void body(Response from, HttpServletResponse to, GatewayCall call, boolean toHead, boolean trailers)
            throws IOException {
        int status = from.code();
        if (status == 204 || status == 304) {
            return;
        }
        if (toHead) {
            String length = from.header("Content-Length");
            if (length != null) {
                to.setHeader("Content-Length", length);
            }
            return;
        }
        long left = from.body().contentLength();
        if (left >= 0) {
            to.setContentLengthLong(left);
        }
        if (left == 0) {
            return;
        }
        if (trailers && left < 0) {
            to.setTrailerFields(() -> trailers(from));
        }
        copy(from.body().source(), to, call, left);
    }

    private static void copy(BufferedSource source, HttpServletResponse to, GatewayCall call, long length)
            throws IOException {
        OutputStream out = to.getOutputStream();
        ClientFlush flush = new ClientFlush(to);
        boolean told = call.tellBeforeWaiting(flush);
        if (!told) {
            flush.begins();
        }
        byte[] chunk = new byte[CHUNK];
        long left = length;
        while (true) {
            int got;
            try {
                got = source.read(chunk);
            } catch (IOException e) {
                throw flush.failed ? e : new UpstreamBroken(e);
            }
            if (got < 0) {
                return;
            }
            out.write(chunk, 0, got);
            left -= got;
            if (!told && left != 0) {
                flush.begins();
            }
        }
    }

    /** Sends the client what there is, the head included. */
    private static final class ClientFlush implements GatewayCall.Waiting {
        private final HttpServletResponse to;
        private boolean failed;

        ClientFlush(HttpServletResponse to) {
            this.to = to;
        }

        @Override
        public void begins() throws IOException {
            try {
                to.flushBuffer();
            } catch (IOException clientGone) {
                failed = true;
                throw clientGone;
            }
        }
    }

    /** Of an answer whose body was read to its end. */
    private static Map<String, String> trailers(Response from) {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            Headers trailers = from.trailers();
            for (int i = 0; i < trailers.size(); i++) {
                fields.merge(
                        trailers.name(i),
                        HeaderText.toContainer(trailers.value(i)),
                        (one, another) -> one + "," + another);
            }
        } catch (IOException | IllegalStateException none) {
            LOG.debug("The fields behind an answer's body could not be read", none);
        }
        return fields;
    }

    /** The server, or the rule that its call follows, has ended the answer before its end. */
    static final class UpstreamBroken extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException failure;

        UpstreamBroken(IOException cause) {
            super("the answer of the server ended early: " + cause.getMessage(), cause);
            this.failure = cause;
        }

        /** What has ended it. */
        IOException failure() {
            return failure;
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
