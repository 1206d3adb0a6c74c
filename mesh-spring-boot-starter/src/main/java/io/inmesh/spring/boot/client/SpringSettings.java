package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * Timeouts and redirects of the factories and connectors that Spring has, read without loading the class of a library
 * that an application may not have. What cannot be read is left to the properties. Stateless.
 */
final class SpringSettings {
    private SpringSettings() {}

    /**
     * Settings of a ClientHttpRequestFactory or ClientHttpConnector.
     *
     * @param sender whatever sends the requests to hosts that the mesh does not know
     */
    static ClientSettings of(Object sender) {
        if (sender instanceof AbstractClientHttpRequestFactoryWrapper wrapper) {
            return of(wrapper.getDelegate());
        }
        Object library = library(sender);
        Duration read = duration(Fields.readOfSpring(sender, "readTimeout"));
        Duration connect = duration(Fields.readOfSpring(sender, "connectTimeout"));
        if (sender instanceof SimpleClientHttpRequestFactory) {
            return ClientSettings.of(connect, read, Redirects.OF_GET);
        }
        if (library instanceof HttpClient jdk) {
            Redirects redirects = jdk.followRedirects() == HttpClient.Redirect.NEVER ? Redirects.NONE : Redirects.ALL;
            return ClientSettings.of(jdk.connectTimeout().orElse(null), read, redirects);
        }
        return library == null
                ? ClientSettings.of(connect, read, Redirects.ALL)
                : switch (kind(library)) {
                    case "reactor.netty" -> reactorNetty(library, connect, read);
                    case "org.apache.hc" -> apache(library, connect, read);
                    case "org.eclipse.jetty" -> jetty(library, read);
                    default -> ClientSettings.of(connect, read, Redirects.ALL);
                };
    }

    private static @Nullable Object library(Object sender) {
        Object client = Fields.read(sender, "httpClient");
        return client == null ? Fields.read(sender, "client") : client;
    }

    /** The library of a class, as far as its package tells. */
    private static String kind(Object library) {
        String[] parts = library.getClass().getName().split("\\.", 4);
        return parts.length < 4
                ? ""
                : parts[0].equals("org") ? String.join(".", parts[0], parts[1], parts[2]) : parts[0] + "." + parts[1];
    }

    private static ClientSettings reactorNetty(Object client, @Nullable Duration connect, @Nullable Duration read) {
        Object configuration = Fields.call(client, "configuration");
        if (configuration == null) {
            return ClientSettings.of(connect, read, Redirects.NONE);
        }
        Duration response = duration(Fields.call(configuration, "responseTimeout"));
        boolean follows = Fields.call(configuration, "followRedirectPredicate") != null;
        return ClientSettings.of(
                connect == null ? connectTimeoutOption(configuration) : connect,
                read == null ? response : read,
                follows ? Redirects.ALL : Redirects.NONE);
    }

    private static @Nullable Duration connectTimeoutOption(Object configuration) {
        if (Fields.call(configuration, "options") instanceof Map<?, ?> options) {
            for (Map.Entry<?, ?> option : options.entrySet()) {
                if (option.getKey().toString().endsWith("CONNECT_TIMEOUT_MILLIS")) {
                    return duration(option.getValue());
                }
            }
        }
        return null;
    }

    /** Its connect timeout belongs to its connection manager, which shows nothing. */
    private static ClientSettings apache(Object client, @Nullable Duration connect, @Nullable Duration read) {
        Object configuration = Fields.call(client, "getConfig");
        if (configuration == null) {
            return ClientSettings.of(connect, read, Redirects.ALL);
        }
        Object response = Fields.call(configuration, "getResponseTimeout");
        Object configured = response == null ? null : Fields.call(response, "toDuration");
        return ClientSettings.of(
                connect,
                read == null ? duration(configured) : read,
                Boolean.FALSE.equals(Fields.call(configuration, "isRedirectsEnabled"))
                        ? Redirects.NONE
                        : Redirects.ALL);
    }

    private static ClientSettings jetty(Object client, @Nullable Duration read) {
        return ClientSettings.of(
                duration(Fields.call(client, "getConnectTimeout")),
                read,
                Boolean.FALSE.equals(Fields.call(client, "isFollowRedirects")) ? Redirects.NONE : Redirects.ALL);
    }

    /** Milliseconds or a duration; negative numbers mean that nothing was said. */
    private static @Nullable Duration duration(@Nullable Object value) {
        if (value instanceof Duration given) {
            return given;
        }
        if (value instanceof Optional<?> maybe) {
            return duration(maybe.orElse(null));
        }
        return value instanceof Number number && number.longValue() >= 0 ? Duration.ofMillis(number.longValue()) : null;
    }
}
