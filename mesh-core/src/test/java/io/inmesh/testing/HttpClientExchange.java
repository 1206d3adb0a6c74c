package io.inmesh.testing;

import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestCopy;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Carries calls over {@code java.net.http}, as an example of a small transport. What that client does not let one say is
 * left out: the Host header is that of the endpoint, connecting takes as long as the client lets it, and a GET that meets a
 * connection which the server has just closed is sent again by the client.
 */
public final class HttpClientExchange implements Exchange<HttpClientExchange.Answer> {
    /** Those that the client does not let one set. */
    private static final Set<String> ITS_OWN = Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HttpClient client;
    private final RequestHead head;
    private final BodyPublisher body;
    private final boolean once;

    /** Whether nobody reads the answers. */
    private final boolean unread;

    private volatile boolean taken;

    /** A response; the body is open until it is read to its end or closed. */
    public record Answer(int status, List<HeaderField> headers, InputStream body) {}

    /**
     * Makes a call.
     *
     * @param once whether the body can be read a single time
     */
    public HttpClientExchange(HttpClient client, RequestHead head, BodyPublisher body, boolean once) {
        this(client, head, body, once, false);
    }

    private HttpClientExchange(HttpClient client, RequestHead head, BodyPublisher body, boolean once, boolean unread) {
        this.client = client;
        this.head = head;
        this.body = body;
        this.once = once;
        this.unread = unread;
    }

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public boolean replayable() {
        return !once || !taken;
    }

    @Override
    public @Nullable String responseHeader(Answer response, String name) {
        for (HeaderField header : response.headers()) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        return null;
    }

    @Override
    public boolean canceled() {
        return Thread.currentThread().isInterrupted();
    }

    @Override
    public Answer passThrough() throws IOException {
        return new Sending(request(head.scheme(), head.authority(), head.pathAndQuery(), head.headerFields())).send();
    }

    /** Publishers of bodies do not say what of them was sent, so there are copies of requests without a body alone. */
    @Override
    public void copy(long mostBytes, RequestCopy.Listener listener) {
        if (body.contentLength() == 0) {
            listener.copied(() -> new HttpClientExchange(client, head, body, false, true));
        } else {
            listener.notCopied("this client does not tell what of a body was sent");
        }
    }

    @Override
    public Outcome classify(Answer response) {
        return new Outcome.Responded(response.status());
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        if (failure instanceof InterruptedIOException) {
            return new Outcome.Canceled();
        }
        return failure instanceof ConnectException
                ? new Outcome.NeverSent(ResponseFlag.UF, reason)
                : new Outcome.Failed(ResponseFlag.UC, reason);
    }

    @Override
    public Answer synthesize(SyntheticResponse response) {
        return new Answer(response.status(), response.headers(), new ByteArrayInputStream(response.body()));
    }

    @Override
    public TransportAttempt<Answer> attempt(Attempt attempt) {
        List<HeaderField> headers =
                attempt.headers() == null ? head.headerFields() : new ArrayList<>(attempt.headers());
        headers.removeIf(header -> header.name().equalsIgnoreCase(Attempt.COUNT_HEADER));
        headers.add(new HeaderField(Attempt.COUNT_HEADER, Integer.toString(attempt.count())));
        String address = attempt.endpoint() == null
                ? attempt.authority()
                : attempt.endpoint().hostPort();
        return new Sending(request(attempt.scheme(), address, attempt.pathAndQuery(), headers));
    }

    private HttpRequest request(String scheme, String address, String pathAndQuery, List<HeaderField> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(scheme + "://" + address + pathAndQuery));
        for (HeaderField header : headers) {
            if (!ITS_OWN.contains(header.name().toLowerCase(Locale.ROOT))) {
                request.header(header.name(), header.value());
            }
        }
        return request.method(head.method(), publisher()).build();
    }

    private BodyPublisher publisher() {
        if (body.contentLength() == 0) {
            return body;
        }
        Flow.Publisher<ByteBuffer> telling = subscriber -> {
            taken = true;
            body.subscribe(subscriber);
        };
        return body.contentLength() < 0
                ? BodyPublishers.fromPublisher(telling)
                : BodyPublishers.fromPublisher(telling, body.contentLength());
    }

    /** One attempt. */
    private final class Sending implements TransportAttempt<Answer> {
        private final HttpRequest request;

        // Whoever sets one of the first two looks at the third then, and whoever sets the third looks at the
        // two, so one of them sees the other.
        private volatile @Nullable CompletableFuture<?> sending;
        private volatile @Nullable InputStream delivered;
        private volatile boolean canceled;

        Sending(HttpRequest request) {
            this.request = request;
        }

        @Override
        public Answer send() throws IOException {
            if (canceled) {
                throw new IOException("canceled");
            }
            CompletableFuture<HttpResponse<InputStream>> answer =
                    client.sendAsync(request, BodyHandlers.ofInputStream());
            sending = answer;
            if (canceled) {
                answer.cancel(true);
            }
            try {
                HttpResponse<InputStream> response = answer.get();
                List<HeaderField> headers = new ArrayList<>();
                response.headers()
                        .map()
                        .forEach((name, values) -> values.forEach(value -> headers.add(new HeaderField(name, value))));
                return new Answer(response.statusCode(), headers, response.body());
            } catch (CancellationException e) {
                throw new IOException("canceled", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            } catch (InterruptedException e) {
                answer.cancel(true);
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public Outcome classifyFailure(IOException failure) {
            return canceled ? new Outcome.Canceled() : HttpClientExchange.this.classifyFailure(failure);
        }

        @Override
        public Answer deliver(Answer response, @Nullable ResponseEdits edits, CallEnd end) {
            List<HeaderField> headers =
                    edits == null ? response.headers() : edits.apply(response.status(), response.headers());
            delivered = response.body();
            if (canceled || unread) {
                closeQuietly(response.body());
            }
            InputStream body = new Delivered(response.body(), this, end, classify(response));
            end.endWhenUnreachable(body, classify(response));
            if (unread) {
                end.ended(classify(response));
            }
            return new Answer(response.status(), headers, body);
        }

        @Override
        public void discard(Answer response) {
            closeQuietly(response.body());
        }

        @Override
        public void cancel() {
            canceled = true;
            CompletableFuture<?> answer = sending;
            if (answer != null) {
                answer.cancel(true);
            }
            // Whoever reads it finds the end of what has come so far.
            InputStream body = delivered;
            if (body != null) {
                closeQuietly(body);
            }
        }

        private static void closeQuietly(InputStream body) {
            try {
                body.close();
            } catch (IOException e) {
                // Nothing of it is wanted any more.
            }
        }
    }

    /** A body that tells its end. */
    private static final class Delivered extends FilterInputStream {
        private final Sending attempt;
        private final CallEnd end;
        private final Outcome answered;
        private boolean ended;

        Delivered(InputStream in, Sending attempt, CallEnd end, Outcome answered) {
            super(in);
            this.attempt = attempt;
            this.end = end;
            this.answered = answered;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int got = in.read(bytes, offset, length);
                if (got < 0 && attempt.canceled && !ended) {
                    throw new IOException("canceled");
                }
                if (got < 0) {
                    ended = true;
                    end.ended(answered);
                }
                return got;
            } catch (IOException e) {
                IOException told = end.translate(e);
                end.ended(attempt.classifyFailure(e));
                throw told;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                end.ended(answered);
            }
        }
    }
}
