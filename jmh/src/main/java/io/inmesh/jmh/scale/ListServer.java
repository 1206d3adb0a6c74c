package io.inmesh.jmh.scale;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of an API server that a first sync meets, over loopback: pages of lists, WatchLists where it is told to offer
 * them, and watches in which nothing happens. The bytes of the objects are ready before.
 */
final class ListServer implements AutoCloseable {
    /** Threads of the server have names that begin so. */
    static final String THREADS = "api-server";

    private static final String SERVICES = "/api/v1/services";
    private static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";
    private static final String VERSION = "900000";
    private static final Pattern LIMIT = Pattern.compile("(?:^|&)limit=(\\d+)");
    private static final Pattern CONTINUE = Pattern.compile("(?:^|&)continue=(\\d+)");

    private final List<byte[]> services;
    private final List<byte[]> slices;
    private final boolean watchLists;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, THREADS);
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer server;

    /** Listens on a free port. */
    ListServer(List<byte[]> services, List<byte[]> slices, boolean watchLists) throws IOException {
        this.services = services;
        this.slices = slices;
        this.watchLists = watchLists;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        try (exchange) {
            if (!path.equals(SERVICES) && !path.equals(SLICES)) {
                refuse(exchange, 404, "NotFound");
                return;
            }
            String kind = path.equals(SERVICES) ? "Service" : "EndpointSlice";
            String apiVersion = path.equals(SERVICES) ? "v1" : "discovery.k8s.io/v1";
            List<byte[]> objects = path.equals(SERVICES) ? services : slices;
            boolean initialEvents = query.contains("sendInitialEvents=true");
            if (initialEvents && !watchLists) {
                refuse(exchange, 422, "Invalid");
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            if (!query.contains("watch=true")) {
                writePage(out, kind, apiVersion, objects, number(LIMIT, query), number(CONTINUE, query));
                return;
            }
            if (initialEvents) {
                writeInitialEvents(out, kind, apiVersion, objects);
            }
            out.flush();
            closed.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void writePage(
            OutputStream out, String kind, String apiVersion, List<byte[]> objects, int limit, int from)
            throws IOException {
        int end = limit == 0 ? objects.size() : Math.min(objects.size(), from + limit);
        String next = end == objects.size() ? "" : ",\"continue\":\"" + end + "\"";
        write(out, "{\"kind\":\"" + kind + "List\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":{");
        write(out, "\"resourceVersion\":\"" + VERSION + "\"" + next + "},\"items\":[");
        for (int i = from; i < end; i++) {
            write(out, i == from ? "" : ",");
            out.write(objects.get(i));
        }
        write(out, "]}\n");
    }

    private static void writeInitialEvents(OutputStream out, String kind, String apiVersion, List<byte[]> objects)
            throws IOException {
        for (byte[] object : objects) {
            write(out, "{\"type\":\"ADDED\",\"object\":");
            out.write(object);
            write(out, "}\n");
        }
        write(out, "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion);
        write(out, "\",\"metadata\":{\"resourceVersion\":\"" + VERSION + "\",\"annotations\":{");
        write(out, "\"k8s.io/initial-events-end\":\"true\"}}}}\n");
    }

    private static void refuse(HttpExchange exchange, int code, String reason) throws IOException {
        byte[] status = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
                        + "\",\"message\":\"not offered here\",\"code\":" + code + "}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, status.length);
        exchange.getResponseBody().write(status);
    }

    private static int number(Pattern pattern, String query) {
        Matcher matcher = pattern.matcher(query);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
