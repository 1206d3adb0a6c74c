package io.inmesh.servlet.internal.inbound;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.model.PathNormalization;
import io.inmesh.servlet.internal.request.HeaderText;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as policies let it in: with the path, the headers and the parameters that they have left or set. */
final class JudgedRequest extends HttpServletRequestWrapper {
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String path;
    private final @Nullable String query;
    private final boolean otherCookies;
    /** How many of a parameter's values, which come before those of the body, are gone from the query. */
    private final Map<String, Integer> goneParameters;

    JudgedRequest(HttpServletRequest request, RequestHead head) {
        super(request);
        for (HeaderField field : head.headerFields()) {
            headers.computeIfAbsent(field.name(), name -> new ArrayList<>(1))
                    .add(HeaderText.toContainer(field.value()));
        }
        String pathAndQuery = head.pathAndQuery();
        int end = PathNormalization.pathEnd(pathAndQuery);
        path = pathAndQuery.substring(0, end);
        query = end == pathAndQuery.length() ? null : pathAndQuery.substring(end + 1);
        otherCookies =
                !headers.getOrDefault("cookie", List.of()).equals(Collections.list(request.getHeaders("cookie")));
        goneParameters = gone(request.getQueryString(), query);
    }

    /** Whether a request is one already, below whatever others have put around it. */
    static boolean isWithin(HttpServletRequest request) {
        return request instanceof JudgedRequest
                || request instanceof HttpServletRequestWrapper wrapper && wrapper.isWrapperFor(JudgedRequest.class);
    }

    private static Map<String, Integer> gone(@Nullable String before, @Nullable String after) {
        if (before == null || before.equals(after)) {
            return Map.of();
        }
        Map<String, Integer> gone = new LinkedHashMap<>();
        for (String name : names(before)) {
            gone.merge(name, 1, Integer::sum);
        }
        for (String name : names(after == null ? "" : after)) {
            gone.merge(name, -1, Integer::sum);
        }
        gone.values().removeIf(count -> count <= 0);
        return gone;
    }

    private static List<String> names(String query) {
        List<String> names = new ArrayList<>();
        for (String part : query.split("&", -1)) {
            String name = part.split("=", 2)[0];
            try {
                names.add(URLDecoder.decode(name, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException noEscape) {
                names.add(name);
            }
        }
        return names;
    }

    private static boolean isHost(String name) {
        return name.equalsIgnoreCase("host");
    }

    @Override
    public @Nullable String getHeader(String name) {
        if (isHost(name)) {
            return super.getHeader(name);
        }
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isHost(name) ? super.getHeaders(name) : Collections.enumeration(headers.getOrDefault(name, List.of()));
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        Set<String> names = new LinkedHashSet<>();
        for (String name : Collections.list(super.getHeaderNames())) {
            if (isHost(name)) {
                names.add(name);
            }
        }
        names.addAll(headers.keySet());
        return Collections.enumeration(names);
    }

    @Override
    public int getIntHeader(String name) {
        String value = getHeader(name);
        return value == null ? -1 : Integer.parseInt(value);
    }

    @Override
    public long getDateHeader(String name) {
        return getHeader(name) == null ? -1 : super.getDateHeader(name);
    }

    @Override
    public Cookie @Nullable [] getCookies() {
        Cookie[] cookies = super.getCookies();
        if (!otherCookies || cookies == null) {
            return cookies;
        }
        Set<String> kept = new LinkedHashSet<>();
        for (String line : headers.getOrDefault("cookie", List.of())) {
            for (String cookie : line.split(";", -1)) {
                kept.add(cookie.split("=", 2)[0].strip());
            }
        }
        Cookie[] left = Arrays.stream(cookies)
                .filter(cookie -> kept.contains(cookie.getName()))
                .toArray(Cookie[]::new);
        return left.length == 0 ? null : left;
    }

    @Override
    public String getRequestURI() {
        return path;
    }

    @Override
    public StringBuffer getRequestURL() {
        StringBuffer url = super.getRequestURL();
        String written = super.getRequestURI();
        return url.toString().endsWith(written)
                ? url.replace(url.length() - written.length(), url.length(), path)
                : url;
    }

    @Override
    public @Nullable String getQueryString() {
        return query;
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterValues(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return left(name, super.getParameterValues(name));
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return goneParameters.isEmpty()
                ? super.getParameterNames()
                : Collections.enumeration(getParameterMap().keySet());
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        if (goneParameters.isEmpty()) {
            return super.getParameterMap();
        }
        Map<String, String[]> parameters = new LinkedHashMap<>();
        super.getParameterMap().forEach((name, values) -> {
            String[] left = left(name, values);
            if (left != null) {
                parameters.put(name, left);
            }
        });
        return Collections.unmodifiableMap(parameters);
    }

    private String @Nullable [] left(String name, String @Nullable [] values) {
        int gone = goneParameters.getOrDefault(name, 0);
        if (values == null || gone == 0) {
            return values;
        }
        return values.length <= gone ? null : Arrays.copyOfRange(values, gone, values.length);
    }
}
