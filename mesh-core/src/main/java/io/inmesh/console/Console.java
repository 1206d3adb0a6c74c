package io.inmesh.console;

import io.inmesh.Mesh;
import io.inmesh.MeshStatus;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A page to look at a mesh, and the JSON behind it, whatever server carries them. Read-only: there is nothing but GET and HEAD.
 * Who may see it is the carrier's business; the console itself shows addresses, rules and paths, but no values of headers that
 * usually hold secrets, no queries and no bodies. Thread-safe.
 */
public final class Console implements AutoCloseable {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, String> PAGES = Map.ofEntries(
            Map.entry("index.html", "text/html; charset=utf-8"),
            Map.entry("style.css", "text/css; charset=utf-8"),
            Map.entry("icon.svg", "image/svg+xml"),
            Map.entry("app.js", SCRIPT),
            Map.entry("dom.js", SCRIPT),
            Map.entry("services.js", SCRIPT),
            Map.entry("graph.js", SCRIPT),
            Map.entry("endpoints.js", SCRIPT),
            Map.entry("explain.js", SCRIPT),
            Map.entry("configuration.js", SCRIPT),
            Map.entry("tail.js", SCRIPT));

    private static final Map<String, String> SECURITY = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; object-src 'none';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private final Mesh mesh;
    private final CallStatistics statistics;
    private final Names self;
    private final WorkloadIdentity identity;
    private final @Nullable Peers peers;
    private final TimeSource time;
    private volatile @Nullable Known services;

    /** A text that several readers share, and when it was made. */
    private record Known(String text, long atNanos) {}

    private Console(Builder builder) {
        mesh = builder.mesh;
        statistics = builder.statistics;
        identity = builder.identity;
        time = builder.time;
        String app = identity.labels().getOrDefault("app", identity.labels().get("app.kubernetes.io/name"));
        self = new Names(app == null ? builder.name : app, identity.namespace());
        peers = builder.peers.isEmpty() ? null : new Peers(builder.peers, time);
    }

    /**
     * Starts to describe a console.
     *
     * @param statistics an observer of that mesh
     */
    public static Builder builder(Mesh mesh, CallStatistics statistics) {
        return new Builder(mesh, statistics);
    }

    /**
     * Answers a request.
     *
     * @param method {@code GET} or {@code HEAD}; others are refused
     * @param path below the console's own, without a slash in front: empty for the page, {@code api/services}
     * @param query parameters, decoded
     */
    public ConsoleAnswer answer(String method, String path, Map<String, List<String>> query) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return error(405, "the console is read-only", Map.of("Allow", "GET, HEAD"));
        }
        String page = path.isEmpty() ? "index.html" : path;
        String type = PAGES.get(page);
        if (type != null) {
            return answer(200, type, resource(page), Map.of());
        }
        return switch (path) {
            case "api/services" -> json(servicesText());
            case "api/edges" -> json(JsonText.of(edges()));
            case "api/graph" -> json(JsonText.of(graph()));
            case "api/endpoints" -> json(JsonText.of(endpoints()));
            case "api/configuration" -> json(JsonText.of(ConfigurationDocument.of(mesh)));
            case "api/calls" -> json(JsonText.of(calls()));
            case "api/peers" -> json(JsonText.of(peers()));
            case "api/explain" -> explain(query);
            default -> error(404, "there is no such document", Map.of());
        };
    }

    /** Asks no peer from now on, and gives up asks that are under way; all else is answered as before. Idempotent. */
    @Override
    public void close() {
        if (peers != null) {
            peers.close();
        }
    }

    /** What a new reader of {@code api/events} is to be sent. */
    public ConsoleEvents events() {
        return new ConsoleEvents(this, statistics.tail());
    }

    /** Headers that {@code api/events} is answered with. */
    public Map<String, String> eventHeaders() {
        Map<String, String> headers = new LinkedHashMap<>(SECURITY);
        headers.put("Content-Type", "text/event-stream; charset=utf-8");
        headers.put("X-Accel-Buffering", "no");
        return headers;
    }

    /** The answer that refuses a request, with a sentence for people. */
    public ConsoleAnswer refused(int status, String why) {
        return error(status, why, Map.of());
    }

    String servicesText() {
        Known known = services;
        if (known == null || time.nanoTime() - known.atNanos > FRESH_NANOS) {
            Map<String, @Nullable Object> map = head();
            map.put("services", new ServiceTable(mesh, statistics, identity.clusterDomain()).document());
            known = new Known(JsonText.of(map), time.nanoTime());
            services = known;
        }
        return known.text;
    }

    /** What the page's head shows; the same text until something in it changes. */
    String stateText() {
        MeshStatus status = mesh.status();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("generation", status.generation());
        map.put("errors", status.problems().stream().filter(it -> it.isError()).count());
        map.put("problems", status.problems().size());
        return JsonText.of(map);
    }

    private Map<String, @Nullable Object> head() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("self", selfDocument());
        map.put("windowSeconds", statistics.seconds());
        map.put("slotSeconds", Window.SLOT_SECONDS);
        return map;
    }

    private Map<String, @Nullable Object> selfDocument() {
        Map<String, @Nullable Object> map = self.document();
        map.put("version", identity.labels().getOrDefault("version", ""));
        return map;
    }

    private Map<String, @Nullable Object> edges() {
        Map<String, @Nullable Object> map = head();
        map.put("edges", EdgeTable.document(statistics, identity.clusterDomain()));
        return map;
    }

    /** One entry a process, this one first. */
    private Map<String, @Nullable Object> graph() {
        List<Map<String, @Nullable Object>> processes = new ArrayList<>();
        processes.add(edges());
        if (peers != null) {
            for (PeerEdges peer : peers.edges()) {
                Map<String, @Nullable Object> other = peer.self().document();
                other.put("version", peer.version());
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                map.put("self", other);
                map.put("edges", peer.edges());
                processes.add(map);
            }
        }
        Map<String, @Nullable Object> map = head();
        map.put("processes", processes);
        map.put("peers", peers == null ? List.of() : peers.document());
        return map;
    }

    private Map<String, @Nullable Object> endpoints() {
        Map<String, @Nullable Object> map = head();
        map.put("endpoints", new EndpointTable(mesh, statistics, identity.clusterDomain()).document());
        return map;
    }

    private Map<String, @Nullable Object> calls() {
        LiveTail tail = statistics.tail();
        return TailDocument.of(tail.started(), tail.from(0), 0);
    }

    private Map<String, @Nullable Object> peers() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("peers", peers == null ? List.of() : peers.document());
        return map;
    }

    private ConsoleAnswer explain(Map<String, List<String>> query) {
        String url = first(query, "url");
        if (url == null || url.isBlank()) {
            return unexplained("give the URL of a request, such as http://reviews:9080/");
        }
        String method = first(query, "method");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line : query.getOrDefault("header", List.of())) {
            int colon = line.indexOf(':', 1);
            if (colon < 0) {
                return unexplained("the header \"" + line + "\" has no colon; write Name: value");
            }
            headers.computeIfAbsent(line.substring(0, colon).strip(), made -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        try {
            String asked = method == null || method.isBlank() ? "GET" : method.strip();
            return json(JsonText.of(ExplanationDocument.of(mesh.explain(asked, url.strip(), headers))));
        } catch (IllegalArgumentException e) {
            return unexplained(String.valueOf(e.getMessage()));
        }
    }

    private static ConsoleAnswer unexplained(String why) {
        return answer(400, "application/json", bytes(JsonText.of(ExplanationDocument.unreadable(why))), Map.of());
    }

    private static @Nullable String first(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.get(0);
    }

    private static ConsoleAnswer json(String text) {
        return answer(200, "application/json", bytes(text), Map.of());
    }

    private static ConsoleAnswer error(int status, String why, Map<String, String> headers) {
        return answer(status, "application/json", bytes(JsonText.of(Map.of("error", why))), headers);
    }

    private static ConsoleAnswer answer(int status, String type, byte[] body, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(SECURITY);
        headers.put("Content-Type", type);
        headers.putAll(more);
        return new ConsoleAnswer(status, headers, body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Console.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing beside " + Console.class.getName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Describes a console. Not thread-safe. */
    public static final class Builder {
        private final Mesh mesh;
        private final CallStatistics statistics;
        private WorkloadIdentity identity = WorkloadIdentity.DEFAULT;
        private String name = "this process";
        private List<URI> peers = List.of();
        private TimeSource time = TimeSource.system();

        private Builder(Mesh mesh, CallStatistics statistics) {
            this.mesh = mesh;
            this.statistics = statistics;
        }

        /** Who is calling; its label {@code app} is the name that the graph shows. */
        public Builder self(WorkloadIdentity newIdentity) {
            identity = newIdentity;
            return this;
        }

        /** Name of this process where its labels tell none. */
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        /**
         * Consoles of other processes whose edges the graph shows too, such as {@code http://reviews:9080/mesh}. They are asked
         * by this process, never by the browser.
         *
         * @throws IllegalArgumentException when one is not absolute, neither http nor https, or has user information, a query or
         *     a fragment
         */
        public Builder peers(List<URI> newPeers) {
            newPeers.forEach(Builder::check);
            peers = List.copyOf(newPeers);
            return this;
        }

        private static void check(URI uri) {
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null) {
                throw new IllegalArgumentException(
                        uri + " is no address of a console; write one such as http://reviews:9080/mesh");
            }
            if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new IllegalArgumentException("the address of a peer's console at " + uri.getHost()
                        + " has user information, a query or a fragment; leave it out");
            }
        }

        Builder time(TimeSource newTime) {
            time = newTime;
            return this;
        }

        /** The console. */
        public Console build() {
            return new Console(this);
        }
    }
}
