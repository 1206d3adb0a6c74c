package io.inmesh.kubernetes.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The container of a pod: answers any request with the pod's name, and notes each in a ledger. */
final class PodServer implements AutoCloseable {
    static final int PORT = 9080;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "pod server");
        thread.setDaemon(true);
        return thread;
    });
    private final String pod;
    private final Ledger ledger;

    PodServer(String pod, String address, Ledger ledger) {
        this.pod = pod;
        this.ledger = ledger;
        try {
            http = HttpServer.create(new InetSocketAddress(address, PORT), 128);
        } catch (IOException e) {
            throw new UncheckedIOException(pod + " cannot listen on " + address + ": is it in the pod network?", e);
        }
        http.createContext("/", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String id = exchange.getRequestHeaders().getFirst("x-request-id");
            if (id != null) {
                ledger.executed(id);
            }
            byte[] body = pod.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** As SIGTERM does it: listens no more, lets what runs come to its end, closes the rest. */
    @Override
    public void close() {
        http.stop(1);
        threads.shutdown();
    }
}
