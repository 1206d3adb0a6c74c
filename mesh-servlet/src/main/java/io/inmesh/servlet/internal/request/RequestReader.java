package io.inmesh.servlet.internal.request;

import io.inmesh.call.HeaderField;
import io.inmesh.model.Authority;
import io.inmesh.model.PathNormalization;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests of a servlet container. What could be seen in two ways is refused here, so that rules, policies and servers
 * see one. Thread-safe.
 */
public final class RequestReader {
    private static final int BAD_REQUEST = 400;

    private final PathNormalization normalization;
    private final int trustedHops;
    private final Map<Integer, Integer> ports;

    /**
     * Makes a reader.
     *
     * @param trustedHops how many proxies before this one are trusted
     * @param ports Gateway ports by the container's; others are the same at both
     */
    public RequestReader(PathNormalization normalization, int trustedHops, Map<Integer, Integer> ports) {
        this.normalization = normalization;
        this.trustedHops = trustedHops;
        this.ports = Map.copyOf(ports);
    }

    /**
     * Reads a request, but for its body.
     *
     * @throws BadRequest when it is no request that can be sent on in one way only
     */
    public InboundRequest read(HttpServletRequest request) throws BadRequest {
        List<String> hosts = Collections.list(request.getHeaders("Host"));
        List<HeaderField> headers = headers(request);
        boolean hasForwardedHost = trustedHops > 0 && request.getHeader("X-Forwarded-Host") != null;
        String authority = RequestHost.of(hosts, request, hasForwardedHost);
        requireOneFraming(request);
        String peer = withoutZone(request.getRemoteAddr());
        int localPort = request.getLocalPort();
        return new InboundRequest(
                request.getMethod(),
                request.getProtocol(),
                scheme(request),
                ports.getOrDefault(localPort, localPort),
                authority,
                pathAndQuery(request),
                headers,
                peer,
                TrustedHops.client(trustedHops, Collections.list(request.getHeaders("X-Forwarded-For")), peer),
                certificate(request));
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
        List<String> encodings = Collections.list(request.getHeaders("Transfer-Encoding"));
        List<String> lengths = Collections.list(request.getHeaders("Content-Length"));
        if (lengths.size() > 1) {
            throw new BadRequest(BAD_REQUEST, "there are several Content-Length headers");
        }
        if (encodings.isEmpty()) {
            return;
        }
        if (!lengths.isEmpty()) {
            throw new BadRequest(BAD_REQUEST, "there are both Content-Length and Transfer-Encoding");
        }
        if (!request.getProtocol().equals("HTTP/1.1")) {
            throw new BadRequest(BAD_REQUEST, "Transfer-Encoding is of HTTP/1.1 alone");
        }
        if (encodings.size() > 1 || !encodings.get(0).strip().equalsIgnoreCase("chunked")) {
            throw new BadRequest(BAD_REQUEST, "the only Transfer-Encoding is chunked");
        }
    }

    private String scheme(HttpServletRequest request) {
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
        return "https".equalsIgnoreCase(request.getScheme()) ? "https" : "http";
    }

    private String pathAndQuery(HttpServletRequest request) throws BadRequest {
        String path = request.getRequestURI();
        String query = request.getQueryString();
        if (path == null || !path.startsWith("/")) {
            throw new BadRequest(BAD_REQUEST, "the path does not begin with a slash");
        }
        requireEscapes(path);
        String whole = query == null ? path : path + "?" + query;
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw new BadRequest(BAD_REQUEST, "the path or query holds a character that has to be escaped");
            }
        }
        return normalization.canonical(whole);
    }

    /** An escape that is none, and that of NUL, mean something else to everybody who meets them. */
    private static void requireEscapes(String path) throws BadRequest {
        for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
            if (i + 2 >= path.length()
                    || Character.digit(path.charAt(i + 1), 16) < 0
                    || Character.digit(path.charAt(i + 2), 16) < 0) {
                throw new BadRequest(BAD_REQUEST, "the path holds a % that begins no escape");
            }
            if (path.startsWith("00", i + 1)) {
                throw new BadRequest(BAD_REQUEST, "the path holds a NUL");
            }
        }
    }

    /** Of a link-local IPv6 address, the interface means nothing to others. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        return plain.startsWith("[") && plain.endsWith("]") ? plain.substring(1, plain.length() - 1) : plain;
    }

    private static @Nullable X509Certificate certificate(HttpServletRequest request) {
        Object chain = request.getAttribute("jakarta.servlet.request.X509Certificate");
        return chain instanceof X509Certificate[] certificates && certificates.length > 0 ? certificates[0] : null;
    }

    /** The host of an authority, without brackets. */
    static String hostOf(String authority) {
        return Authority.of(authority).hostWithoutBrackets();
    }
}
