package io.inmesh.call;

import io.inmesh.model.Authority;
import io.inmesh.model.HeaderName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request head as a value, for explaining and for transports that have no cheaper one. Immutable.
 *
 * @param method as sent, case kept
 * @param scheme {@code http} or {@code https}
 * @param authority as written, with the port when one was written
 * @param port that is called
 * @param pathAndQuery raw, starting with {@code /}
 * @param headers without {@code Host}
 */
public record SimpleRequestHead(
        String method, String scheme, String authority, int port, String pathAndQuery, List<HeaderField> headers)
        implements RequestHead {
    public SimpleRequestHead {
        headers = List.copyOf(headers);
    }

    /**
     * Reads an absolute URL. Nothing is decoded or normalised: {@code ;}, {@code %2f}, {@code //} and dot segments stay
     * as they are. A fragment is dropped, since no client sends it.
     *
     * @param method such as {@code GET}; not empty
     * @param url absolute, http or https, without user information
     * @param headers by name; a {@code Host} header is the authority, as it would be on the wire, and leaves the port
     *     that is called alone
     * @throws IllegalArgumentException when method, URL or a header name cannot be read; the message says why
     */
    public static SimpleRequestHead of(String method, String url, Map<String, List<String>> headers) {
        if (method.isEmpty() || hasSpaceOrControl(method)) {
            throw new IllegalArgumentException("\"" + method + "\" is not a method; use one such as GET");
        }
        int schemeEnd = url.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw unreadable(url, "it does not start with http:// or https://");
        }
        if (hasSpaceOrControl(url)) {
            throw unreadable(url, "it contains a space or a control character; write it as %20 or the like");
        }
        int authorityStart = schemeEnd + 3;
        int authorityEnd = indexOfAny(url, "/?#", authorityStart);
        String authority = url.substring(authorityStart, authorityEnd);
        int port = port(url, authority, scheme);
        int fragment = url.indexOf('#', authorityEnd);
        String rest = url.substring(authorityEnd, fragment < 0 ? url.length() : fragment);
        String pathAndQuery = rest.startsWith("/") ? rest : "/" + rest;

        List<HeaderField> fields = new ArrayList<>();
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            String name = header.getKey();
            if (!HeaderName.isValid(name)) {
                throw new IllegalArgumentException("\"" + name + "\" is not a header name");
            }
            for (String value : header.getValue()) {
                if (!name.equalsIgnoreCase("host")) {
                    fields.add(new HeaderField(name, value));
                } else if (value.isEmpty()) {
                    throw new IllegalArgumentException("the Host header is empty");
                } else {
                    authority = value;
                }
            }
        }
        return new SimpleRequestHead(method, scheme, authority, port, pathAndQuery, fields);
    }

    @Override
    public int headerCount() {
        return headers.size();
    }

    @Override
    public String headerName(int index) {
        return headers.get(index).name();
    }

    @Override
    public String headerValue(int index) {
        return headers.get(index).value();
    }

    private static int port(String url, String authority, String scheme) {
        if (authority.indexOf('@') >= 0) {
            throw unreadable(
                    url,
                    "it contains user information; send credentials in a header and leave out what is"
                            + " before the @");
        }
        String problem = Authority.of(authority).problem();
        if (problem != null) {
            throw unreadable(url, problem);
        }
        return Authority.port(authority, scheme);
    }

    private static int indexOfAny(String text, String chars, int from) {
        for (int i = from; i < text.length(); i++) {
            if (chars.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean hasSpaceOrControl(String text) {
        return text.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
    }

    private static IllegalArgumentException unreadable(String url, String why) {
        return new IllegalArgumentException("cannot read the URL \"" + url + "\": " + why);
    }
}
