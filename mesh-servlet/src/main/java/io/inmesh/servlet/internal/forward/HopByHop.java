package io.inmesh.servlet.internal.forward;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Headers that are for the connection that they come on, and for nobody behind it (RFC 9110 7.6.1). */
final class HopByHop {
    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** What a client may not have taken away by naming it in {@code Connection}: what this gateway and others vouch for. */
    private static final Set<String> NEVER_BY_NAME = Set.of("host", "content-length", "cookie", "authorization");

    private final Set<String> named;

    private HopByHop(Set<String> named) {
        this.named = named;
    }

    /**
     * Those of one message.
     *
     * @param connection values of its {@code Connection} headers
     */
    static HopByHop of(List<String> connection) {
        if (connection.isEmpty()) {
            return new HopByHop(Set.of());
        }
        Set<String> named = new HashSet<>();
        for (String value : connection) {
            for (String name : value.split(",", -1)) {
                String one = name.strip().toLowerCase(Locale.ROOT);
                if (!NEVER_BY_NAME.contains(one)) {
                    named.add(one);
                }
            }
        }
        return new HopByHop(named);
    }

    /**
     * Whether a header stays behind.
     *
     * @param name in lower case
     */
    boolean contains(String name) {
        return ALWAYS.contains(name) || named.contains(name);
    }
}
