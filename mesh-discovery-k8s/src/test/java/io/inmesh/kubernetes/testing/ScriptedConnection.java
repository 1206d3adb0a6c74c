package io.inmesh.kubernetes.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Request;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection to a scripted API server: one request after another. */
final class ScriptedConnection {
    private static final Pattern NAMESPACED = Pattern.compile("(.*)/namespaces/([^/]+)(/[^/]+)");
    private static final Duration LAST_BOOKMARK = Duration.ofSeconds(2);
    private static final long TICK_MILLIS = 10;
    private static final long WATCH_TICK_MILLIS = 30;

    private final ScriptedApiServer server;
    private final Socket socket;
    private final StringBuilder toSay = new StringBuilder();
    private volatile String watched = "";
    private volatile boolean end;

    ScriptedConnection(ScriptedApiServer server, Socket socket) {
        this.server = server;
        this.socket = socket;
    }

    boolean watching() {
        return !watched.isEmpty();
    }

    void endWatch() {
        end = watching();
    }

    void say(String collection, String text) {
        if (watched.equals(collection)) {
            synchronized (toSay) {
                toSay.append(text);
            }
        }
    }

    /** Closes so that the other side sees RST. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closed) {
            // It was closed before.
        }
    }

    void serve() {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in = new BufferedReader(new InputStreamReader(
                    new BufferedInputStream(socket.getInputStream()), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            for (Request request = read(in); request != null; request = read(in)) {
                answer(request, server.note(request), out);
            }
        } catch (IOException broken) {
            // The client has gone, or a test has ended this.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            watched = "";
            server.gone(this);
        }
    }

    private Request read(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null || line.isEmpty()) {
            return null;
        }
        String target = line.split(" ", -1)[1];
        Map<String, String> headers = new TreeMap<>();
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int mark = target.indexOf('?');
        Map<String, String> query = query(mark < 0 ? "" : target.substring(mark + 1));
        String path = mark < 0 ? target : target.substring(0, mark);
        Matcher namespaced = NAMESPACED.matcher(path);
        boolean inOne = namespaced.matches();
        Verb verb = !query.containsKey("watch")
                ? Verb.LIST
                : query.containsKey("sendInitialEvents") ? Verb.WATCH_LIST : Verb.WATCH;
        return new Request(
                server.nanos(),
                verb,
                inOne ? namespaced.group(1) + namespaced.group(3) : path,
                inOne ? namespaced.group(2) : "",
                query,
                headers);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private void answer(Request request, Fault fault, OutputStream out) throws IOException, InterruptedException {
        while (server.frozen()) {
            Thread.sleep(TICK_MILLIS);
        }
        Body body = new Body(out);
        if (fault instanceof Fault.Status status) {
            body.head(status.code(), status.headers());
            body.write(status.json() + "\n");
            body.end();
        } else if (fault instanceof Fault.ErrorEvent error) {
            body.head(200, Map.of());
            JsonObject event = new JsonObject();
            event.addProperty("type", "ERROR");
            event.add("object", error.status().json());
            body.write(event + "\n");
            body.end();
        } else if (fault instanceof Fault.Raw raw) {
            body.head(200, Map.of());
            body.write(raw.body());
            if (raw.clean()) {
                body.end();
            } else {
                socket.close();
            }
        } else if (fault instanceof Fault.Reset) {
            reset();
        } else if (fault instanceof Fault.Hang) {
            while (socket.getInputStream().read() >= 0) {
                Thread.sleep(TICK_MILLIS);
            }
        } else {
            int most = fault instanceof Fault.ShortList shortened ? shortened.objects() : Integer.MAX_VALUE;
            if (request.verb() == Verb.LIST) {
                list(request, most, body);
            } else {
                watch(request, most, body);
            }
        }
    }

    private Predicate<JsonObject> selection(Request request) {
        Predicate<JsonObject> inNamespace =
                Selectors.fields(request.namespace().isEmpty() ? "" : "metadata.namespace=" + request.namespace());
        return inNamespace
                .and(Selectors.labels(request.query("labelSelector")))
                .and(Selectors.fields(request.query("fieldSelector")));
    }

    private void list(Request request, int most, Body body) throws IOException {
        String asked = request.query("resourceVersion");
        long version = server.history.version();
        if (!asked.isEmpty() && Long.parseLong(asked) > version) {
            answerStatus(Fault.tooLarge(), body);
            return;
        }
        boolean exact = request.query("resourceVersionMatch").equals("Exact");
        if (exact && Long.parseLong(asked) < server.history.oldest()) {
            answerStatus(Fault.gone(), body);
            return;
        }
        List<JsonObject> all = server.history.list(request.collection(), selection(request));
        all = all.subList(0, Math.min(most, all.size()));
        int from = request.query("continue").isEmpty() ? 0 : Integer.parseInt(request.query("continue"));
        // Like the real one: a list from memory ignores the limit.
        boolean paged = !request.query("limit").isEmpty() && !asked.equals("0");
        int to = paged ? Math.min(all.size(), from + Integer.parseInt(request.query("limit"))) : all.size();
        JsonObject metadata = new JsonObject();
        metadata.addProperty("resourceVersion", exact ? asked : Long.toString(version));
        if (to < all.size()) {
            metadata.addProperty("continue", Integer.toString(to));
        }
        body.head(200, Map.of());
        JsonObject list = new JsonObject();
        list.addProperty("kind", "List");
        list.add("metadata", metadata);
        JsonArray items = new JsonArray();
        all.subList(from, to).forEach(object -> items.add(shape(request, object)));
        list.add("items", items);
        body.write(list + "\n");
        body.end();
    }

    private static void answerStatus(Fault.Status status, Body body) throws IOException {
        body.head(status.code(), status.headers());
        body.write(status.json() + "\n");
        body.end();
    }

    private void watch(Request request, int most, Body body) throws IOException, InterruptedException {
        boolean initial = request.verb() == Verb.WATCH_LIST && server.offersWatchLists();
        String asked = request.query("resourceVersion");
        long seen = asked.isEmpty() || asked.equals("0") ? server.history.version() : Long.parseLong(asked);
        if (seen < server.history.oldest()) {
            answerStatus(Fault.gone(), body);
            return;
        }
        boolean bookmarks =
                server.sendsBookmarks() && request.query("allowWatchBookmarks").equals("true");
        end = false;
        watched = request.collection();
        body.head(200, Map.of());
        if (request.verb() == Verb.WATCH_LIST) {
            List<JsonObject> all = server.history.list(request.collection(), selection(request));
            for (JsonObject object : all.subList(0, Math.min(most, all.size()))) {
                body.write(event("ADDED", shape(request, object)) + "\n");
            }
            if (initial) {
                body.write(bookmark(seen, true) + "\n");
            }
        }
        follow(request, seen, bookmarks, body);
        watched = "";
    }

    private void follow(Request request, long from, boolean bookmarks, Body body)
            throws IOException, InterruptedException {
        Predicate<JsonObject> selection = selection(request);
        long ends = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(request.query("timeoutSeconds")))
                        .toNanos();
        long bookmarkAt = System.nanoTime() + server.bookmarkInterval().toNanos();
        boolean lastBookmark = false;
        long seen = from;
        while (!end && System.nanoTime() - ends < 0) {
            ScriptedHistory.Change change = server.history.after(request.collection(), seen);
            if (server.frozen()) {
                Thread.sleep(TICK_MILLIS);
            } else if (change != null) {
                seen = change.version();
                JsonObject event = change.seenBy(selection);
                if (event != null) {
                    body.write(event(event.get("type").getAsString(), shape(request, event.getAsJsonObject("object")))
                            + "\n");
                }
            } else {
                boolean last = !lastBookmark && System.nanoTime() - (ends - LAST_BOOKMARK.toNanos()) >= 0;
                // A version that has not been reached gets no bookmarks, as measured on the real one.
                if ((last || System.nanoTime() - bookmarkAt >= 0) && bookmarks && seen <= server.history.version()) {
                    lastBookmark |= last;
                    bookmarkAt = System.nanoTime() + server.bookmarkInterval().toNanos();
                    seen = server.history.forward(request.collection(), seen);
                    body.write(bookmark(seen, false) + "\n");
                }
                body.write(said());
                synchronized (server.history) {
                    server.history.wait(WATCH_TICK_MILLIS);
                }
                checkClient();
            }
        }
        body.end();
    }

    private void checkClient() throws IOException {
        socket.setSoTimeout(1);
        try {
            if (socket.getInputStream().read() < 0) {
                throw new EOFException("the client has gone");
            }
        } catch (SocketTimeoutException alive) {
            // Nothing to read, and not closed.
        }
        socket.setSoTimeout(0);
    }

    private String said() {
        synchronized (toSay) {
            String text = toSay.toString();
            toSay.setLength(0);
            return text;
        }
    }

    private static JsonObject event(String type, JsonObject object) {
        JsonObject event = new JsonObject();
        event.addProperty("type", type);
        event.add("object", object);
        return event;
    }

    private static JsonObject bookmark(long version, boolean initialEnd) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("resourceVersion", Long.toString(version));
        if (initialEnd) {
            JsonObject annotations = new JsonObject();
            annotations.addProperty("k8s.io/initial-events-end", "true");
            metadata.add("annotations", annotations);
        }
        JsonObject object = new JsonObject();
        object.add("metadata", metadata);
        return event("BOOKMARK", object);
    }

    private static JsonObject shape(Request request, JsonObject object) {
        if (!request.headers().getOrDefault("accept", "").contains("as=PartialObjectMetadata")) {
            return object;
        }
        JsonObject partial = new JsonObject();
        partial.addProperty("kind", "PartialObjectMetadata");
        partial.addProperty("apiVersion", "meta.k8s.io/v1");
        partial.add("metadata", object.get("metadata"));
        return partial;
    }

    /** A chunked answer. */
    private static final class Body {
        private final OutputStream out;

        Body(OutputStream out) {
            this.out = out;
        }

        void head(int code, Map<String, String> headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + code + " Scripted\r\n");
            head.append("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void write(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0) {
                out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.write(bytes);
                out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        }

        void end() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }
}
