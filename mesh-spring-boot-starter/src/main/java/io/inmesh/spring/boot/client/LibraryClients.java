package io.inmesh.spring.boot.client;

import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What the client of an HTTP library, in a factory or connector of Spring's, does beyond timeouts and redirects. Stateless. */
final class LibraryClients {
    private static final String NETTY = "reactor.netty.";

    private LibraryClients() {}

    /** What of it the mesh does not do, as the beginning of a sentence; null for nothing. */
    static @Nullable String unseen(Object sender) {
        Object library = SpringSettings.library(sender);
        if (library == null) {
            return Fields.readOfSpring(sender, "proxy") == null ? null : "its proxy";
        }
        String name = library.getClass().getName();
        if (library instanceof HttpClient jdk) {
            Map<String, Boolean> parts = Fields.unlessUnreadable(() -> ofJdk(jdk));
            return parts == null ? "what its " + name + " does" : named(parts);
        }
        return name.startsWith(NETTY)
                ? named(ofNetty(library))
                : "what its " + name + " does beyond timeouts and redirects (TLS, proxies, credentials, interceptors)";
    }

    private static @Nullable String named(Map<String, Boolean> parts) {
        String set = parts.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return set.isEmpty() ? null : "what its HTTP client was given (" + set + ")";
    }

    private static Map<String, Boolean> ofJdk(HttpClient client) {
        Map<String, Boolean> parts = new LinkedHashMap<>();
        parts.put("authenticator", client.authenticator().isPresent());
        parts.put("cookie handler", client.cookieHandler().isPresent());
        parts.put("proxy", client.proxy().isPresent());
        parts.put("TLS", hasOwnTls(client));
        return parts;
    }

    private static boolean hasOwnTls(HttpClient client) {
        try {
            return client.sslContext() != SSLContext.getDefault();
        } catch (NoSuchAlgorithmException none) {
            return true;
        }
    }

    private static Map<String, Boolean> ofNetty(Object client) {
        Object configuration = Fields.call(client, "configuration");
        Map<String, Boolean> parts = new LinkedHashMap<>();
        if (configuration != null) {
            parts.put("proxy", Boolean.TRUE.equals(Fields.call(configuration, "hasProxy")));
            parts.put("TLS", Fields.call(configuration, "sslProvider") != null);
            parts.put(
                    "handlers",
                    Fields.read(configuration, "doOnRequest") != null
                            || Fields.read(configuration, "doOnResponse") != null);
        }
        return parts;
    }
}
