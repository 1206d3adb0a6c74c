package io.inmesh.servlet.internal.request;

import io.inmesh.call.HeaderField;
import io.inmesh.model.Authority;
import io.inmesh.servlet.policy.PathPolicy;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests of a servlet container. What could be seen in two ways is refused here, so that rules, policies and servers
 * see one. Thread-safe.
 */
public final class RequestReader {
    private static final int BAD_REQUEST = 400;

    private final PathPolicy paths;
    private final int trustedHops;
    private final IntUnaryOperator ports;

    /**
     * Makes a reader.
     *
     * @param paths which paths come in, and in which form
     * @param trustedHops how many proxies before this one are trusted
     * @param ports Gateway ports by the container's
     */
    public RequestReader(PathPolicy paths, int trustedHops, IntUnaryOperator ports) {
        this.paths = paths;
        this.trustedHops = trustedHops;
        this.ports = ports;
    }

    /**
     * Reads a request, but for its body.
     *
     * @throws BadRequest when it is no request that can be sent on in one way only
     */
    public InboundRequest read(HttpServletRequest request) throws BadRequest {
        String protocol = request.getProtocol();
        // Tomcat has no name for it.
        if (!protocol.startsWith("HTTP/") || protocol.startsWith("HTTP/0")) {
            throw new BadRequest(BAD_REQUEST, "HTTP/0.9 is not served");
        }
        List<String> hosts = Collections.list(request.getHeaders("Host"));
        List<HeaderField> headers = headers(request);
        boolean hasForwardedHost = trustedHops > 0 && request.getHeader("X-Forwarded-Host") != null;
        String authority = RequestHost.of(hosts, request, hasForwardedHost);
        requireOneFraming(request);
        int port = ports.applyAsInt(request.getLocalPort());
        ContainerConnection connection = new ContainerConnection(request, port);
        return new InboundRequest(
                request.getMethod(),
                request.getProtocol(),
                scheme(request, connection),
                port,
                authority,
                pathAndQuery(request),
                headers,
                TrustedHops.client(
                        trustedHops, Collections.list(request.getHeaders("X-Forwarded-For")), connection.peerAddress()),
                connection);
    }

    private static List<HeaderField> headers(HttpServletRequest request) throws BadRequest {
        List<HeaderField> headers = new ArrayList<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            if (name.equalsIgnoreCase("host")) {
                continue;
            }
            for (String value : Collections.list(request.getHeaders(name))) {
                String text = HeaderText.ofContainer(value);
                if (text == null) {
                    throw new BadRequest(BAD_REQUEST, "a header value is not UTF-8 text or holds a control character");
                }
                headers.add(new HeaderField(name, text));
            }
        }
        return headers;
    }

    /** Containers refuse most of this by themselves; what each of them does can be changed by its settings. */
    private static void requireOneFraming(HttpServletRequest request) throws BadRequest {
        String problem = problemOfFraming(
                request.getProtocol(),
                Collections.list(request.getHeaders("Transfer-Encoding")),
                Collections.list(request.getHeaders("Content-Length")));
        if (problem != null) {
            throw new BadRequest(BAD_REQUEST, problem, request.getProtocol().startsWith("HTTP/1"));
        }
    }

    private static @Nullable String problemOfFraming(String protocol, List<String> encodings, List<String> lengths) {
        if (lengths.size() > 1) {
            return "there are several Content-Length headers";
        }
        if (encodings.isEmpty()) {
            return null;
        }
        if (!lengths.isEmpty()) {
            return "there are both Content-Length and Transfer-Encoding";
        }
        if (!protocol.equals("HTTP/1.1")) {
            return "Transfer-Encoding is of HTTP/1.1 alone";
        }
        return encodings.size() > 1 || !encodings.get(0).strip().equalsIgnoreCase("chunked")
                ? "the only Transfer-Encoding is chunked"
                : null;
    }

    private String scheme(HttpServletRequest request, ContainerConnection connection) throws BadRequest {
        String written = request.getScheme();
        if (!"http".equalsIgnoreCase(written) && !"https".equalsIgnoreCase(written)) {
            throw new BadRequest(BAD_REQUEST, "the scheme is neither http nor https");
        }
        if (trustedHops > 0) {
            List<String> told = Collections.list(request.getHeaders("X-Forwarded-Proto"));
            if (told.size() == 1) {
                if (told.get(0).strip().equalsIgnoreCase("https")) {
                    return "https";
                }
                if (told.get(0).strip().equalsIgnoreCase("http")) {
                    return "http";
                }
            }
        }
        // Some containers have it from the request line, where a client writes what he likes.
        return connection.isSecure() ? "https" : "http";
    }

    private String pathAndQuery(HttpServletRequest request) throws BadRequest {
        String path = request.getRequestURI();
        String query = request.getQueryString();
        if (path == null || !path.startsWith("/")) {
            throw new BadRequest(BAD_REQUEST, "the path does not begin with a slash");
        }
        String whole = query == null ? path : path + "?" + query;
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw new BadRequest(BAD_REQUEST, "a character of the path or query has to be sent as an escape");
            }
        }
        String problem = paths.problem(whole);
        if (problem != null) {
            throw new BadRequest(BAD_REQUEST, problem);
        }
        String canonical = paths.canonical(whole);
        if (paths.strict() && !isSame(paths.judged(canonical), pathOfContainer(request))) {
            throw new BadRequest(BAD_REQUEST, "the path can be read in more than one way");
        }
        return canonical;
    }

    /** A container that finds a welcome file behind a path of a folder has that file's path. */
    private static boolean isSame(String judged, String container) {
        return container.equals(judged)
                || judged.endsWith("/") && container.startsWith(judged) && container.indexOf('/', judged.length()) < 0;
    }

    /** The path by which the container has found whom to give the request to. */
    private static String pathOfContainer(HttpServletRequest request) {
        String inServlet = request.getPathInfo();
        String path = request.getServletContext().getContextPath() + request.getServletPath();
        return inServlet == null ? path : path + inServlet;
    }

    /** The host of an authority, without brackets. */
    static String hostOf(String authority) {
        return Authority.of(authority).hostWithoutBrackets();
    }
}
