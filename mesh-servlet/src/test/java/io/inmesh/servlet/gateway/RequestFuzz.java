package io.inmesh.servlet.gateway;

import io.inmesh.servlet.policy.PathFuzz;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Requests that somebody may send who wants them to be read in two ways, drawn by a seed. */
final class RequestFuzz {
    private static final String HOST = "Host: shop.example\r\n";
    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "POST", "OPTIONS", "get", "G\u00c9T", "GE(T", "", "TRACE", "CONNECT", "PRI", "X-A");
    private static final List<String> BEFORE_PATHS = List.of(
            "",
            "",
            "http://shop.example",
            "HTTP://SHOP.example:80",
            "http://evil.example",
            "http://shop.example@evil.example",
            "http://evil.example@shop.example",
            "http://user@shop.example",
            "http:",
            "http:/",
            "http://",
            "https://shop.example",
            "//evil.example",
            "///evil.example",
            "shop.example:80",
            "file://",
            "*",
            "\t",
            " ");
    private static final List<String> SPACES = List.of(" ", " ", " ", "  ", "\t", "\u000b", "\u00a0", "");
    private static final List<String> VERSIONS = List.of(
            "HTTP/1.1",
            "HTTP/1.1",
            "HTTP/1.1",
            "HTTP/1.0",
            "HTTP/1.2",
            "HTTP/0.9",
            "HTTP/2.0",
            "http/1.1",
            "HTTP/1.1 ",
            "HTTP/11",
            "HTTP/1.1/evil",
            "");
    private static final List<String> LINE_ENDS =
            List.of("\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n", "\u0000\r\n");
    private static final List<String> HEADERS = List.of(
            HOST,
            HOST,
            HOST,
            HOST + HOST,
            HOST + "Host: evil.example\r\n",
            "Host: evil.example\r\n" + HOST,
            "Host: evil.example\r\n",
            "Host: SHOP.example:80\r\n",
            "Host: shop.example.\r\n",
            "Host: shop.example:\r\n",
            "Host: shop.example:80@evil.example\r\n",
            "Host: shop.example, evil.example\r\n",
            "Host: shop.example evil.example\r\n",
            "Host : shop.example\r\n",
            " Host: shop.example\r\n",
            HOST + " evil.example\r\n",
            "Host:\tshop.example\r\n",
            "Host: 169.254.169.254\r\n",
            "Host: 127.0.0.1\r\n",
            "Host: shop.internal\r\n",
            "X: y\r\n",
            "",
            HOST + "X-A: b\rX-Evil: 1\r\n",
            HOST + "X-A: b\u0000c\r\n",
            HOST + "X-\u00e9: b\r\n",
            HOST + "X-A\r\n",
            HOST + ": b\r\n",
            HOST + "Content-Length: 0\r\n",
            HOST + "Content-Length: -1\r\n",
            HOST + "Content-Length: 0\r\nContent-Length: 27\r\n",
            HOST + "Content-Length: 0, 27\r\n",
            HOST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            HOST + "Transfer-Encoding : chunked\r\n",
            HOST + "Transfer-Encoding: identity\r\n",
            HOST + "Transfer-Encoding: \u000bchunked\r\n",
            HOST + "X-A: b\r\n Transfer-Encoding: chunked\r\n");

    private final Random random;
    private final PathFuzz paths;

    /**
     * What is sent.
     *
     * @param path that is called, with its query; null where a target so odd may be read as any
     * @param odd whether more than its path is drawn: nothing is known of where it ends
     */
    record Drawn(String text, @Nullable String path, boolean odd) {}

    RequestFuzz(long seed) {
        random = new Random(seed);
        paths = new PathFuzz(seed);
    }

    /** One of eight is odd in more than its path. */
    Drawn next() {
        String path = paths.next();
        if (random.nextInt(8) > 0) {
            return new Drawn(
                    "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n", path.startsWith("/") ? path : null, false);
        }
        String end = of(LINE_ENDS);
        String before = of(BEFORE_PATHS);
        String line = of(METHODS) + of(SPACES) + before + path + of(SPACES) + of(VERSIONS) + end;
        return new Drawn(line + of(HEADERS) + "\r\n", pathOf(before, path), true);
    }

    private static @Nullable String pathOf(String before, String path) {
        if (before.startsWith("/")) {
            return before + path;
        }
        boolean plain = before.isEmpty() || before.equals("http://shop.example");
        return plain && path.startsWith("/") ? path : null;
    }

    private String of(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
