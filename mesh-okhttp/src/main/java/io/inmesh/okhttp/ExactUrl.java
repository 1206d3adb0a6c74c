package io.inmesh.okhttp;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.ProtocolException;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * URLs whose path and query are sent as they are written. What OkHttp builds it has put in order: dot segments are taken
 * away, a backslash becomes a slash, and {@code " < > ^ ` { | }} in a path and {@code " ' < >} in a query are escaped. Its
 * API has no way around that, but the constructor that its own builder calls is there for everybody; in an OkHttp without
 * it, a path that would be changed is refused.
 */
final class ExactUrl {
    /** Parameters of the constructor, of which a Kotlin marker may come in addition. */
    private static final Class<?>[] PARAMETERS = {
        String.class,
        String.class,
        String.class,
        String.class,
        int.class,
        List.class,
        List.class,
        String.class,
        String.class
    };

    private static final @Nullable MethodHandle CONSTRUCTOR = constructor();

    private ExactUrl() {}

    /**
     * Makes a URL.
     *
     * @param scheme {@code http} or {@code https}
     * @param host as OkHttp has it: lower-case, an IPv6 address without brackets
     * @param pathAndQuery starts with a slash
     * @throws ProtocolException when the path holds what cannot stand in a request line, or cannot be sent as it is
     */
    static HttpUrl of(String scheme, String host, int port, String pathAndQuery) throws ProtocolException {
        requireSendable(pathAndQuery);
        if (CONSTRUCTOR == null) {
            return built(scheme, host, port, pathAndQuery);
        }
        String text = scheme + "://" + inBrackets(host) + (port == HttpUrl.defaultPort(scheme) ? "" : ":" + port)
                + pathAndQuery;
        List<@Nullable String> query = pathAndQuery.indexOf('?') < 0 ? null : List.of("");
        try {
            return (HttpUrl) CONSTRUCTOR.invoke(scheme, "", "", host, port, List.of(""), query, null, text);
        } catch (Throwable e) {
            throw new IllegalStateException("OkHttp takes no URL that is written out", e);
        }
    }

    /** The same by what OkHttp's API offers. */
    static HttpUrl built(String scheme, String host, int port, String pathAndQuery) throws ProtocolException {
        int mark = pathAndQuery.indexOf('?');
        HttpUrl url = new HttpUrl.Builder()
                .scheme(scheme)
                .host(host)
                .port(port)
                .encodedPath(mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark))
                .encodedQuery(mark < 0 ? null : pathAndQuery.substring(mark + 1))
                .build();
        String query = url.encodedQuery();
        String sent = query == null ? url.encodedPath() : url.encodedPath() + "?" + query;
        if (!sent.equals(pathAndQuery)) {
            throw new ProtocolException("the path " + pathAndQuery + " would be sent as " + sent);
        }
        return url;
    }

    private static String inBrackets(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static void requireSendable(String pathAndQuery) throws ProtocolException {
        if (!pathAndQuery.startsWith("/")) {
            throw new ProtocolException("the path " + pathAndQuery + " does not begin with a slash");
        }
        for (int i = 0; i < pathAndQuery.length(); i++) {
            char c = pathAndQuery.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw new ProtocolException("character " + (int) c + " cannot stand in a path that is sent");
            }
        }
    }

    private static @Nullable MethodHandle constructor() {
        for (Constructor<?> constructor : HttpUrl.class.getConstructors()) {
            Class<?>[] has = constructor.getParameterTypes();
            if (Modifier.isPublic(constructor.getModifiers()) && takes(has)) {
                try {
                    MethodHandle handle = MethodHandles.publicLookup().unreflectConstructor(constructor);
                    MethodHandle plain = has.length == PARAMETERS.length
                            ? handle
                            : MethodHandles.insertArguments(handle, PARAMETERS.length, (Object) null);
                    return plain.asType(MethodType.methodType(HttpUrl.class, PARAMETERS));
                } catch (IllegalAccessException hidden) {
                    return null;
                }
            }
        }
        return null;
    }

    private static boolean takes(Class<?>[] has) {
        if (has.length != PARAMETERS.length
                && (has.length != PARAMETERS.length + 1 || has[PARAMETERS.length].isPrimitive())) {
            return false;
        }
        for (int i = 0; i < PARAMETERS.length; i++) {
            if (has[i] != PARAMETERS[i]) {
                return false;
            }
        }
        return true;
    }
}
