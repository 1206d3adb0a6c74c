package io.inmesh.console;

import io.inmesh.internal.time.TimeSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The edges of other processes, as their consoles tell them. Asked for while somebody looks, every two seconds at most; nobody
 * waits for an answer, what is shown is the latest one. Thread-safe.
 */
final class Peers implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration WHOLE_ANSWER = Duration.ofSeconds(3);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<Peer> peers;
    private final TimeSource time;
    private final Duration wholeAnswer;

    /** Null when closed: a client of JDK 17 has no end of its own, its thread and connections go with the last reference. */
    private volatile @Nullable HttpClient client;

    Peers(List<URI> uris, TimeSource time) {
        this(uris, time, WHOLE_ANSWER);
    }

    /** @param wholeAnswer how long an answer may take with its body */
    Peers(List<URI> uris, TimeSource time, Duration wholeAnswer) {
        this.time = time;
        this.wholeAnswer = wholeAnswer;
        peers = uris.stream().map(Peer::new).toList();
        client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** What one peer has said last. */
    private static final class Peer {
        private final URI uri;
        private final URI edges;
        private final AtomicBoolean asking = new AtomicBoolean();
        private volatile @Nullable CompletableFuture<?> exchange;
        private volatile @Nullable Told told;
        private volatile String error = "not asked yet";

        Peer(URI uri) {
            this.uri = uri;
            String text = uri.toString();
            edges = URI.create(text + (text.endsWith("/") ? "" : "/") + "api/edges");
        }
    }

    private record Told(PeerEdges edges, long atNanos) {}

    /** Edges that are known now; asks anew for those that are not fresh. */
    List<PeerEdges> edges() {
        List<PeerEdges> known = new ArrayList<>();
        for (Peer peer : peers) {
            Told told = peer.told;
            if (told == null || time.nanoTime() - told.atNanos > FRESH_NANOS) {
                ask(peer);
            }
            if (told != null && time.nanoTime() - told.atNanos < KNOWN_NANOS) {
                known.add(told.edges);
            }
        }
        return known;
    }

    /** Who is asked, and whether they answer. */
    List<Map<String, @Nullable Object>> document() {
        List<Map<String, @Nullable Object>> documents = new ArrayList<>();
        for (Peer peer : peers) {
            Told told = peer.told;
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("uri", peer.uri.toString());
            map.put("name", told == null ? "" : told.edges.self().name());
            String error = client == null ? "not asked any more" : peer.error;
            map.put("reachable", error.isEmpty());
            map.put("error", error);
            map.put("ageSeconds", told == null ? null : (time.nanoTime() - told.atNanos) / 1_000_000_000L);
            documents.add(map);
        }
        return documents;
    }

    private void ask(Peer peer) {
        HttpClient asked = client;
        if (asked == null || !peer.asking.compareAndSet(false, true)) {
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(peer.edges)
                .header("Accept", "application/json")
                .timeout(wholeAnswer)
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange = asked.sendAsync(request, ignored -> new BoundedBody());
        peer.exchange = exchange;
        CompletableFuture<Void> unused = exchange.copy()
                .orTimeout(wholeAnswer.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    // Only the client's own future ends what is under way, and does nothing where that has ended.
                    boolean unusedEnd = exchange.cancel(true);
                    take(peer, response, failure);
                    peer.exchange = null;
                    peer.asking.set(false);
                    return null;
                });
        if (client == null) {
            boolean unusedEnd = exchange.cancel(true);
        }
    }

    /** Asks nobody from now on, and gives up asks that are under way. Idempotent. */
    @Override
    public void close() {
        client = null;
        for (Peer peer : peers) {
            CompletableFuture<?> exchange = peer.exchange;
            if (exchange != null) {
                boolean unused = exchange.cancel(true);
            }
        }
    }

    private void take(Peer peer, @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
        if (response == null) {
            peer.error = failure instanceof java.util.concurrent.TimeoutException
                    ? "no answer in time"
                    : "cannot be reached" + (failure == null ? "" : ": " + reason(failure));
        } else if (response.statusCode() != 200) {
            peer.error = "answers with status " + response.statusCode();
        } else {
            try {
                String text = new String(response.body(), StandardCharsets.UTF_8);
                peer.told = new Told(PeerEdges.read(text), time.nanoTime());
                peer.error = "";
            } catch (IllegalArgumentException e) {
                peer.error = "answers with something else than a console's edges: " + e.getMessage();
            }
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
