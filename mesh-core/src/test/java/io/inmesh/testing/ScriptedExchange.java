package io.inmesh.testing;

import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestCopy;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a network: a test says what becomes of each attempt. One exchange is one call. Failures are told
 * apart as a transport would: {@link ConnectException} and {@link UnknownHostException} were never sent, after
 * {@link #cancel} all is cancelled, anything else broke underway.
 */
public final class ScriptedExchange implements Exchange<ScriptedExchange.Reply> {
    private final RequestHead head;
    private final Server server;
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final List<Reply> discarded = new CopyOnWriteArrayList<>();
    private final List<Integer> canceledAttempts = new CopyOnWriteArrayList<>();
    private volatile boolean canceled;
    private boolean replayable = true;
    private @Nullable Long mostKept;
    private @Nullable String notCopied;
    private @Nullable RuntimeException copyBug;
    private boolean neverConnected;
    private boolean besides = true;
    private @Nullable RuntimeException answerBug;
    private @Nullable Exception deliveryBug;
    private Duration patience = Duration.ZERO;

    /** What happens to an attempt. */
    @FunctionalInterface
    public interface Server {
        /** Answers, or fails as the network does. */
        Reply answer(Attempt attempt) throws IOException;
    }

    /** Who made a reply. */
    public enum By {
        /** The server of an endpoint. */
        SERVER,
        /** The mesh itself. */
        MESH,
        /** Whoever is called without a mesh. */
        PASS_THROUGH
    }

    /** A response; its body is open until {@link #read}, {@link #close} or {@link #fail} says how it ended. */
    public static final class Reply {
        private final By by;
        private final int status;
        private final String body;
        private List<HeaderField> headers = List.of();
        private @Nullable CallEnd end;

        private Reply(By by, int status, String body) {
            this.by = by;
            this.status = status;
            this.body = body;
        }

        /** A server's answer. */
        public static Reply of(int status, String body) {
            return new Reply(By.SERVER, status, body);
        }

        /** Adds the headers of the answer. */
        public Reply with(List<HeaderField> newHeaders) {
            headers = newHeaders;
            return this;
        }

        /** Who answered. */
        public By by() {
            return by;
        }

        /** The status. */
        public int status() {
            return status;
        }

        /** Headers as the caller sees them. */
        public List<HeaderField> headers() {
            return headers;
        }

        /** Reads the body to its end. */
        public String read() {
            close();
            return body;
        }

        /** The caller closes the body. */
        public void close() {
            if (end != null) {
                end.ended(new Outcome.Responded(status));
            }
        }

        /** The body breaks off; returns what the caller sees. */
        public IOException fail(IOException failure) {
            if (end == null) {
                return failure;
            }
            end.ended(new Outcome.Failed(ResponseFlag.UC, String.valueOf(failure.getMessage())));
            return end.translate(failure);
        }
    }

    /** A call with a head of its own. */
    public ScriptedExchange(RequestHead head, Server server) {
        this.head = head;
        this.server = server;
    }

    /** A GET of a URL. */
    public static ScriptedExchange get(String url, Server server) {
        return new ScriptedExchange(SimpleRequestHead.of("GET", url, Map.of()), server);
    }

    /** A GET that each endpoint answers with status 200 and its {@code ip:port}. */
    public static ScriptedExchange get(String url) {
        return get(url, ScriptedExchange::echoEndpoint);
    }

    /** Status 200 and {@code ip:port} of the endpoint as the body. */
    public static Reply echoEndpoint(Attempt attempt) {
        return Reply.of(
                200, attempt.endpoint() == null ? "" : attempt.endpoint().hostPort());
    }

    /** The caller waits so long for an answer; zero for ever. */
    public ScriptedExchange patient(Duration newPatience) {
        patience = newPatience;
        return this;
    }

    /** The transport cannot make answers of the mesh. */
    public void breakAnswers(RuntimeException bug) {
        answerBug = bug;
    }

    /** The transport cannot hand responses to the caller; it throws this, declared or not. */
    public void breakDelivery(Exception bug) {
        deliveryBug = bug;
    }

    /** Attempts wait for a connection until they are broken off. */
    public void neverConnect() {
        neverConnected = true;
    }

    /** No attempt can be sent beside another. */
    public void keepFromSendingBeside() {
        besides = false;
    }

    /** The request cannot be copied. */
    public void keepFromCopying(String why) {
        notCopied = why;
    }

    /** The transport fails where it is to copy. */
    public void breakCopying(RuntimeException bug) {
        copyBug = bug;
    }

    /** The body has been taken by an attempt and cannot be sent again. */
    public void loseBody() {
        replayable = false;
    }

    /** How much of the body was to be kept; null when nobody has asked for it. */
    public @Nullable Long mostKept() {
        return mostKept;
    }

    /** The caller gives up. */
    public void cancel() {
        canceled = true;
    }

    /** Attempts sent. */
    public List<Attempt> attempts() {
        return attempts;
    }

    /** Responses thrown away by the mesh. */
    public List<Reply> discarded() {
        return discarded;
    }

    /** How often the mesh broke an attempt off. */
    public int aborts() {
        return canceledAttempts.size();
    }

    /** Numbers of the attempts that the mesh broke off. */
    public List<Integer> canceledAttempts() {
        return canceledAttempts;
    }

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public boolean replayable() {
        return replayable;
    }

    @Override
    public void keepBody(long maxBytes) {
        mostKept = maxBytes;
    }

    @Override
    public @Nullable String responseHeader(Reply response, String name) {
        return response.headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(HeaderField::value)
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean canceled() {
        return canceled;
    }

    @Override
    public long callerTimeoutNanos() {
        return patience.toNanos();
    }

    /** Attempts of this may run on any threads. */
    @Override
    public @Nullable Exchange<Reply> beside() {
        return besides ? this : null;
    }

    /** The same server gets the copies, which count as attempts of this. */
    @Override
    public void copy(long mostBytes, RequestCopy.Listener listener) {
        if (copyBug != null) {
            throw copyBug;
        }
        if (notCopied == null) {
            listener.copied(() -> new ScriptedCopy(this));
        } else {
            listener.notCopied(notCopied);
        }
    }

    @Override
    public Reply passThrough() {
        return new Reply(By.PASS_THROUGH, 200, head.authority());
    }

    @Override
    public TransportAttempt<Reply> attempt(Attempt attempt) {
        return new ScriptedAttempt(attempt);
    }

    @Override
    public Outcome classify(Reply response) {
        return new Outcome.Responded(response.status);
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        if (canceled) {
            return new Outcome.Canceled();
        }
        if (failure instanceof ConnectException) {
            return new Outcome.NeverSent(ResponseFlag.UF, reason);
        }
        return failure instanceof UnknownHostException
                ? new Outcome.NeverSent(ResponseFlag.DF, reason)
                : new Outcome.Failed(ResponseFlag.UC, reason);
    }

    @Override
    public Reply synthesize(SyntheticResponse response) {
        if (answerBug != null) {
            throw answerBug;
        }
        return new Reply(By.MESH, response.status(), new String(response.body(), StandardCharsets.UTF_8))
                .with(response.headers());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> void raise(Exception undeclared) throws E {
        throw (E) undeclared;
    }

    /** An attempt whose answer is closed where it is delivered. */
    TransportAttempt<Reply> attemptOfCopy(Attempt attempt) {
        return new ScriptedAttempt(attempt) {
            @Override
            public Reply deliver(Reply response, @Nullable ResponseEdits edits, CallEnd end) {
                end.ended(classify(response));
                return response;
            }
        };
    }

    private class ScriptedAttempt implements TransportAttempt<Reply> {
        private final Attempt attempt;

        ScriptedAttempt(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public Reply send() throws IOException {
            attempts.add(attempt);
            return server.answer(attempt);
        }

        @Override
        public Outcome classifyFailure(IOException failure) {
            return ScriptedExchange.this.classifyFailure(failure);
        }

        @Override
        public boolean neverConnected() {
            return neverConnected;
        }

        @Override
        public Reply deliver(Reply response, @Nullable ResponseEdits edits, CallEnd end) {
            if (deliveryBug != null) {
                ScriptedExchange.<RuntimeException>raise(deliveryBug);
            }
            if (edits != null) {
                response.headers = edits.apply(response.status, response.headers);
            }
            response.end = end;
            end.endWhenUnreachable(response, classify(response));
            return response;
        }

        @Override
        public void discard(Reply response) {
            discarded.add(response);
        }

        @Override
        public void cancel() {
            canceledAttempts.add(attempt.number());
        }
    }
}
