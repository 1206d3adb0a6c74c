package io.inmesh.servlet.internal.request;

import io.inmesh.model.Authority;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one host that a request is for. */
final class RequestHost {
    private static final int BAD_REQUEST = 400;

    private RequestHost() {}

    /**
     * The authority.
     *
     * @param hosts values of {@code Host}
     * @param forwarded whether a trusted proxy has told another host, which the container may show in place of this one
     * @throws BadRequest unless there is exactly one, which is a name or an address
     */
    static String of(List<String> hosts, HttpServletRequest request, boolean forwarded) throws BadRequest {
        if (hosts.size() > 1) {
            throw new BadRequest(BAD_REQUEST, "there are several Host headers");
        }
        String authority =
                hosts.isEmpty() ? ofRequestLine(request) : hosts.get(0).strip();
        if (authority == null || authority.isEmpty()) {
            throw new BadRequest(BAD_REQUEST, "there is no Host");
        }
        requireHost(authority);
        String seen = request.getServerName();
        if (!forwarded && seen != null && !isSame(authority, seen)) {
            throw new BadRequest(BAD_REQUEST, "the Host header and the request line name different hosts");
        }
        return authority;
    }

    /** HTTP/2 has it there; of a request without any, containers tell their own name. */
    private static @Nullable String ofRequestLine(HttpServletRequest request) {
        if (!request.getProtocol().startsWith("HTTP/2")) {
            return null;
        }
        String host = Authority.inBrackets(withoutBrackets(request.getServerName()));
        int port = request.getServerPort();
        int usual = Authority.port("host", request.getScheme());
        return port <= 0 || port == usual ? host : host + ":" + port;
    }

    private static boolean isSame(String authority, String seen) {
        return RequestReader.hostOf(authority).equalsIgnoreCase(withoutBrackets(seen));
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static void requireHost(String authority) throws BadRequest {
        boolean address = authority.startsWith("[");
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            boolean ok = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == ':'
                    || (address && (c == '[' || c == ']'));
            if (!ok) {
                throw new BadRequest(BAD_REQUEST, "the Host is neither a name nor an address");
            }
        }
        // A port that is left empty is that of the scheme (RFC 3986 3.2.3).
        String written = authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
        String problem = Authority.of(written).problem();
        if (problem != null
                || Authority.host(written).startsWith(".")
                || Authority.host(written).contains("..")) {
            throw new BadRequest(BAD_REQUEST, "the Host is neither a name nor an address");
        }
    }
}
