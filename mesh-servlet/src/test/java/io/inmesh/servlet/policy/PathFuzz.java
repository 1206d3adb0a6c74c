package io.inmesh.servlet.policy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Paths that somebody may send who wants them to be read in two ways, drawn by a seed. */
public final class PathFuzz {
    /** {@code -Dfuzz.tries}; some thousands in the normal build. */
    public static final int TRIES = Integer.getInteger("fuzz.tries", 20_000);

    private static final List<String> PIECES = List.of(
            "/",
            "/",
            "/",
            "//",
            "/./",
            "/../",
            "/.",
            "/..",
            "..",
            ".",
            "...",
            ";",
            ";a=b",
            ";jsessionid=1",
            "/..;/",
            "/.;/",
            "admin",
            "admin",
            "secret",
            "a",
            "x",
            "%61dmin",
            "adm%69n",
            "%41dmin",
            "Admin",
            "a@b",
            "a%40b",
            "~",
            "%7e",
            "%2e",
            "%2E%2e",
            "%2f",
            "%2F",
            "%5c",
            "%5C",
            "\\",
            "%00",
            "%0d%0a",
            "%09",
            "%7f",
            "%25",
            "%252e",
            "%252f",
            "%3b",
            "%3B",
            "%23",
            "%3f",
            "?",
            "?q=",
            "&",
            "%c3%a9",
            "%C3%A9",
            "%c0%ae",
            "%c0%af",
            "%e0%80%af",
            "%ff",
            "%u002e",
            "%",
            "%2",
            "%zz",
            "#",
            "+",
            "*",
            ":",
            "|",
            "{",
            "^",
            "\"",
            "<",
            "\u00e9");

    private final Random random;

    /** Starts a series. */
    public PathFuzz(long seed) {
        random = new Random(seed);
    }

    /** The next path with query, which nearly always starts with a slash. */
    public String next() {
        StringBuilder path = new StringBuilder(random.nextInt(50) == 0 ? "" : "/");
        int pieces = random.nextInt(8);
        for (int i = 0; i < pieces; i++) {
            path.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return path.toString();
    }

    /**
     * How a servlet container reads a path (Servlet 6.0, 3.5.2), written down anew: parameters cut off, escapes decoded,
     * slashes merged, dot segments followed.
     *
     * @param path without query
     */
    public static String asContainersReadIt(String path) {
        StringBuilder plain = new StringBuilder();
        for (String segment : path.split("/", -1)) {
            plain.append('/').append(segment.split(";", 2)[0]);
        }
        String decoded = java.net.URLDecoder.decode(
                        plain.substring(1).replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8)
                .replace('\\', '/');
        Deque<String> kept = new ArrayDeque<>();
        String last = "";
        for (String segment : decoded.split("/", -1)) {
            last = segment;
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        StringBuilder out = new StringBuilder();
        for (Iterator<String> segments = kept.iterator(); segments.hasNext(); ) {
            out.append('/').append(segments.next());
        }
        boolean slash = last.isEmpty() || last.equals(".") || last.equals("..");
        return slash || out.length() == 0 ? out.append('/').toString() : out.toString();
    }
}
