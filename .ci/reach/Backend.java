import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executors;

/**
 * The services that the applications of the matrix call: one that the rules know as orders, and one that they do not know.
 * Both answer a word, then what they saw of the request; a path that neither has is answered 404, /slow late, and /moved by
 * a redirect to /plain. Writes the two ports to a file and runs until it is killed, 20 minutes at most.
 * Usage: java Backend.java FILE
 */
public final class Backend {
    public static void main(String[] arguments) throws Exception {
        HttpServer orders = server("orders");
        HttpServer legacy = server("legacy");
        Path file = Path.of(arguments[0]);
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(
                written, orders.getAddress().getPort() + " " + legacy.getAddress().getPort() + "\n");
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        Thread.sleep(20 * 60 * 1000L);
        System.exit(1);
    }

    private static HttpServer server(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> answer(exchange, word(name, exchange.getRequestURI().getPath())));
        server.start();
        return server;
    }

    /** Only a rule that rewrites makes /old/thing a path that orders has. */
    private static String word(String name, String path) {
        return switch (name + path) {
            case "orders/plain" -> "plain";
            case "orders/slow" -> "slow";
            case "orders/new/thing" -> "rewritten";
            case "legacy/plain" -> "legacy";
            default -> null;
        };
    }

    /** Longer than any read timeout of a caller. */
    private static void await() {
        try {
            Thread.sleep(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, String word) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestURI().getPath().equals("/slow")) {
            await();
        }
        if (exchange.getRequestURI().getPath().equals("/moved")) {
            exchange.getResponseHeaders().set("Location", "/plain");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
            return;
        }
        String seen = " host=" + exchange.getRequestHeaders().getFirst("Host") + " x-reach="
                + exchange.getRequestHeaders().getFirst("x-reach");
        byte[] body = ((word == null ? "no such path" : word) + seen).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(word == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
