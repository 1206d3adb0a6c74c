package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * Host and port as a URL or a Host header has them: {@code reviews}, {@code reviews:9080}, {@code [::1]:9080}. Takes any
 * text, since a caller may send any; {@link #problem()} says what is wrong with one that a person wrote. Immutable.
 *
 * @param host as written, case and trailing dot kept; an IPv6 address in brackets
 * @param port as written, without the colon; null where the text has no colon behind the host
 */
public record Authority(String host, @Nullable String port) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MOST = 65_535;
    private static final int MOST_DIGITS = 5;

    /** Splits a text at its last colon that is not within brackets. */
    public static Authority of(String text) {
        int end = hostEnd(text);
        return new Authority(text.substring(0, end), end == text.length() ? null : text.substring(end + 1));
    }

    /** The host of a text as {@link #of} splits it; the text itself where it has no port. */
    public static String host(String text) {
        return text.substring(0, hostEnd(text));
    }

    /**
     * The port at which an authority is called.
     *
     * @param scheme {@code http} or {@code https}, which has a port of its own for a text that names none
     * @return 1 to 65535, or -1 where what is behind the colon is no port
     */
    public static int port(String text, String scheme) {
        int end = hostEnd(text);
        if (end == text.length()) {
            return scheme.equalsIgnoreCase("https") ? HTTPS : HTTP;
        }
        int port = number(text, end + 1);
        return port > 0 && port <= MOST ? port : -1;
    }

    /** The address that a host, as an authority has it, is written as: IPv6 in brackets, IPv4 without; null for a name. */
    public static @Nullable IpAddress address(String host) {
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        IpAddress address = IpAddress.parse(brackets ? host.substring(1, host.length() - 1) : host);
        return address != null && address.isV6() == brackets ? address : null;
    }

    /** An address or a name as an authority has it: in brackets when it has colons, as IPv6 addresses do. */
    public static String inBrackets(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** The host without the brackets of an IPv6 address. */
    public String hostWithoutBrackets() {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** What is wrong, as a sentence without full stop; null when this is a host with a port or without one. */
    public @Nullable String problem() {
        boolean brackets = host.startsWith("[");
        if (brackets && host.indexOf(']') < 0) {
            return "the bracket of its IPv6 address is not closed";
        }
        if (hostWithoutBrackets().isEmpty()) {
            return "it has no host";
        }
        if (brackets && host.endsWith("]") && address(host) == null) {
            return "there is no IPv6 address within its brackets";
        }
        int number = port == null ? HTTP : number(port, 0);
        if (number < 0 || (brackets ? !host.endsWith("]") : host.indexOf(':') >= 0)) {
            return "after the host there must be nothing or a port such as :8080";
        }
        return number < 1 || number > MOST ? "port " + number + " is not between 1 and " + MOST : null;
    }

    /** The authority as it is written. */
    @Override
    public String toString() {
        return port == null ? host : host + ":" + port;
    }

    private static int hostEnd(String text) {
        int colon = text.lastIndexOf(':');
        return colon < 0 || text.indexOf(']', colon) >= 0 ? text.length() : colon;
    }

    /** The number that the rest of a text is, -1 for none. */
    private static int number(String text, int from) {
        int length = text.length() - from;
        if (length < 1 || length > MOST_DIGITS) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number;
    }
}
