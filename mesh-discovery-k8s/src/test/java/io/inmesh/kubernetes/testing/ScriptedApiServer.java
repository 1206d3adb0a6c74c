package io.inmesh.kubernetes.testing;

import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import javax.net.ServerSocketFactory;

/**
 * An API server over real sockets that does what a test says: it holds objects, lists and watches them as the real one
 * does (pages, bookmarks, WatchLists, selectors, resource versions), and makes faults on demand. HTTP/1.1. Thread-safe.
 *
 * <p>Like the real one, it accepts a watch from a version that it has not reached, and then says nothing, not even
 * bookmarks; and it answers 410 to a watch from a version that it has forgotten.
 *
 * <pre>{@code
 * try (ScriptedApiServer server = ScriptedApiServer.start()) {
 *     server.put(SERVICES, "{\"metadata\": {\"namespace\": \"shop\", \"name\": \"cart\"}}");
 *     server.next(Verb.WATCH, Fault.goneEvent());
 *     ApiServer api = new ApiServer(server.clients());
 * }
 * }</pre>
 *
 * <p>A collection is named by its path without a namespace, such as {@code /api/v1/services}.
 */
public final class ScriptedApiServer implements AutoCloseable {
    /** Path of EndpointSlices. */
    public static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";

    /** Path of Services. */
    public static final String SERVICES = "/api/v1/services";

    /** Path of Pods. */
    public static final String PODS = "/api/v1/pods";

    /** Path of Nodes. */
    public static final String NODES = "/api/v1/nodes";

    /** Path of v1 Endpoints. */
    public static final String ENDPOINTS = "/api/v1/endpoints";

    /** Kind of request. */
    public enum Verb {
        LIST,
        WATCH,
        WATCH_LIST
    }

    /**
     * A request as it came in.
     *
     * @param nanos by the server's clock
     * @param namespace empty for all
     * @param query decoded
     * @param headers with names in lower case
     */
    public record Request(
            long nanos,
            Verb verb,
            String collection,
            String namespace,
            Map<String, String> query,
            Map<String, String> headers) {
        /** One parameter, empty when absent. */
        public String query(String name) {
            return query.getOrDefault(name, "");
        }
    }

    final ScriptedHistory history = new ScriptedHistory();

    private final LoopbackPorts ports;
    private final String scheme;
    private final LongSupplier clock;
    private final int port;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<Verb, Deque<Fault>> next = new EnumMap<>(Verb.class);
    private final Map<Verb, Fault> always = new EnumMap<>(Verb.class);
    private final Set<ScriptedConnection> connections = ConcurrentHashMap.newKeySet();
    private ServerSocket listening;
    private volatile boolean frozen;
    private volatile boolean watchLists = true;
    private volatile boolean bookmarks = true;
    private volatile Duration bookmarkInterval = Duration.ofMinutes(1);
    private volatile Set<String> tokens = Set.of();
    private volatile Set<String> unserved = Set.of();
    private volatile Set<String> forbidden = Set.of();

    private ScriptedApiServer(ServerSocketFactory sockets, String scheme, LongSupplier clock) {
        this.ports = new LoopbackPorts(sockets);
        this.scheme = scheme;
        this.clock = clock;
        this.listening = ports.listen(0);
        this.port = listening.getLocalPort();
        accept(listening);
    }

    /** Plain HTTP on a free port of the loopback address. */
    public static ScriptedApiServer start() {
        return start(System::nanoTime);
    }

    /**
     * The same.
     *
     * @param clock by which requests are noted
     */
    public static ScriptedApiServer start(LongSupplier clock) {
        return new ScriptedApiServer(ServerSocketFactory.getDefault(), "http", clock);
    }

    /** HTTPS. */
    public static ScriptedApiServer startTls(ServerSocketFactory tls) {
        return new ScriptedApiServer(tls, "https", System::nanoTime);
    }

    /** Where it is. */
    public String url() {
        return scheme + "://127.0.0.1:" + port;
    }

    /** Clients without credentials. */
    public Callable<ApiClient> clients() {
        return () -> new ApiClient().setBasePath(url());
    }

    // Objects

    /** Creates or changes an object; tells the watches. Returns its resource version. */
    public String put(String collection, String json) {
        return history.put(collection, json, true);
    }

    /** Creates or changes an object of which no watch ever hears. */
    public void putSilently(String collection, String json) {
        history.put(collection, json, false);
    }

    /** Deletes an object; tells the watches. */
    public void delete(String collection, String namespace, String name) {
        history.delete(collection, namespace, name, true);
    }

    /** Deletes an object; no watch ever hears of it. */
    public void deleteSilently(String collection, String namespace, String name) {
        history.delete(collection, namespace, name, false);
    }

    /** The newest resource version. */
    public String version() {
        return Long.toString(history.version());
    }

    /** Other resources change: versions go by. */
    public void skipVersions(long number) {
        history.skip(number);
    }

    /** From now on, watches from versions before the newest get 410. */
    public void compact() {
        history.forget();
    }

    /** Everything as it is, to come back to. */
    public Runnable backup() {
        ScriptedHistory.Snapshot snapshot = history.snapshot();
        return () -> history.restore(snapshot);
    }

    // Faults

    /** The next request of that kind that has no fault yet fails so. */
    public void next(Verb verb, Fault fault) {
        synchronized (next) {
            next.computeIfAbsent(verb, none -> new ArrayDeque<>()).add(fault);
        }
    }

    /** Each request of that kind fails so, until {@link #heal()}. */
    public void always(Verb verb, Fault fault) {
        synchronized (next) {
            always.put(verb, fault);
        }
    }

    /** No request fails any more; what was frozen goes on. */
    public void heal() {
        synchronized (next) {
            next.clear();
            always.clear();
        }
        frozen = false;
    }

    /** Ends all open watches cleanly. */
    public void endWatches() {
        connections.forEach(ScriptedConnection::endWatch);
    }

    /** Says something on all open watches of a collection; the test brings the line's end, too. */
    public void say(String collection, String text) {
        connections.forEach(connection -> connection.say(collection, text));
    }

    /** Resets all connections. */
    public void resetConnections() {
        connections.forEach(ScriptedConnection::reset);
    }

    /** Says nothing any more to anybody, and closes nothing, as if the network were gone. */
    public void freeze() {
        frozen = true;
    }

    /** Resets all connections and listens no more. */
    public synchronized void stop() {
        try {
            listening.close();
        } catch (IOException unclosed) {
            throw new UncheckedIOException(unclosed);
        }
        resetConnections();
    }

    /** Listens again, at the same address. */
    public synchronized void startAgain() {
        listening = ports.listen(port);
        accept(listening);
    }

    // Abilities

    /** Whether WatchLists are known; if not, the parameter is ignored, as old servers do. True unless told. */
    public void offersWatchLists(boolean offered) {
        watchLists = offered;
    }

    /** Whether bookmarks are sent. True unless told. */
    public void sendsBookmarks(boolean sent) {
        bookmarks = sent;
    }

    /** Time between bookmarks of a watch, one minute unless told. */
    public void bookmarksEvery(Duration interval) {
        bookmarkInterval = interval;
    }

    /** Only these bearer tokens are good; none means that anybody may come. */
    public void acceptsTokens(String... good) {
        tokens = Set.of(good);
    }

    /** These collections are not served: 404. */
    public void doesNotServe(String... collections) {
        unserved = Set.of(collections);
    }

    /** These collections may not be read from now on, and all others. */
    public void forbid(String... collections) {
        forbidden = Set.of(collections);
    }

    // What came in

    /** All requests, in the order in which they came in. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Those of that kind. */
    public List<Request> requests(Verb verb) {
        return requests.stream().filter(request -> request.verb() == verb).toList();
    }

    /** Forgets the requests so far. */
    public void clearRequests() {
        requests.clear();
    }

    /** Watches that are open now. */
    public long openWatches() {
        return connections.stream().filter(ScriptedConnection::watching).count();
    }

    /** Ends everything. */
    @Override
    public void close() {
        stop();
    }

    // For connections

    Fault note(Request request) {
        requests.add(request);
        String token = request.headers().getOrDefault("authorization", "").replaceFirst("(?i)^bearer ", "");
        if (!tokens.isEmpty() && !tokens.contains(token)) {
            return Fault.status(401, "Unauthorized", "Unauthorized");
        }
        if (unserved.contains(request.collection())) {
            return Fault.status(404, "NotFound", "the server could not find the requested resource");
        }
        if (forbidden.contains(request.collection())) {
            String resource =
                    request.collection().substring(request.collection().lastIndexOf('/') + 1);
            return Fault.status(403, "Forbidden", resource + " is forbidden: User \"x\" cannot list resource");
        }
        synchronized (next) {
            Deque<Fault> queue = next.get(request.verb());
            return queue == null || queue.isEmpty() ? always.get(request.verb()) : queue.remove();
        }
    }

    long nanos() {
        return clock.getAsLong();
    }

    boolean frozen() {
        return frozen;
    }

    boolean offersWatchLists() {
        return watchLists;
    }

    boolean sendsBookmarks() {
        return bookmarks;
    }

    Duration bookmarkInterval() {
        return bookmarkInterval;
    }

    void gone(ScriptedConnection connection) {
        connections.remove(connection);
    }

    private void accept(ServerSocket socket) {
        daemon("scripted-api-server", () -> {
            try {
                while (true) {
                    Socket accepted = socket.accept();
                    ScriptedConnection connection = new ScriptedConnection(this, accepted);
                    connections.add(connection);
                    daemon("scripted-api-connection", connection::serve);
                    if (socket.isClosed()) {
                        connection.reset();
                    }
                }
            } catch (IOException closed) {
                // Stopped.
            }
        });
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
