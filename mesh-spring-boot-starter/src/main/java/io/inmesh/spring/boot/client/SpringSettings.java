package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * Timeouts and redirects of the factories and connectors that Spring has, read without loading the class of a library
 * that an application may not have. What cannot be read is left to the properties. Stateless.
 */
final class SpringSettings {
    private static final String NETTY = "reactor.netty";
    private static final String APACHE = "org.apache.hc";
    private static final String JETTY = "org.eclipse.jetty";
    private static final List<String> LIBRARIES = List.of(NETTY, APACHE, JETTY);

    /** What Apache's configurations hold where nobody said anything. */
    private static final Duration APACHES_OWN = Duration.ofMinutes(3);

    private SpringSettings() {}

    /**
     * Settings of a ClientHttpRequestFactory or ClientHttpConnector.
     *
     * @param sender whatever sends the requests to hosts that the mesh does not know
     */
    static ClientSettings of(Object sender) {
        ClientSettings read = Fields.unlessUnreadable(() -> read(sender));
        return read == null ? ClientSettings.UNSAID : read;
    }

    private static ClientSettings read(Object sender) {
        if (sender instanceof AbstractClientHttpRequestFactoryWrapper wrapper) {
            return read(wrapper.getDelegate());
        }
        if (sender instanceof SimpleClientHttpRequestFactory) {
            return simple(sender);
        }
        Object library = library(sender);
        Duration read = duration(Fields.readOfSpring(sender, "readTimeout"));
        Duration connect = duration(Fields.readOfSpring(sender, "connectTimeout"));
        if (library instanceof HttpClient jdk) {
            Redirects redirects = switch (jdk.followRedirects()) {
                case NEVER -> Redirects.NONE;
                case NORMAL -> Redirects.SECURE;
                case ALWAYS -> Redirects.ALL;
            };
            return ClientSettings.of(jdk.connectTimeout().orElse(null), read, redirects);
        }
        return library == null
                ? ClientSettings.of(connect, read, Redirects.ALL)
                : switch (kind(library)) {
                    case NETTY -> reactorNetty(library, connect, read);
                    case APACHE -> apache(library, connect, read);
                    case JETTY -> jetty(library, read);
                    default -> okHttp(library, connect, read);
                };
    }

    /** The HTTP library's client that a factory or connector holds; null for none. */
    static @Nullable Object library(Object sender) {
        Object client = Fields.read(sender, "httpClient");
        if (client == null) {
            client = Fields.read(sender, "client");
        }
        return client == null ? unstarted(sender) : client;
    }

    /** Spring's for Reactor Netty makes its client when it is started, by what it was given instead of one. */
    private static @Nullable Object unstarted(Object sender) {
        if (!(Fields.readOfSpring(sender, "mapper") instanceof Function<?, ?> mapper)) {
            return null;
        }
        Object client = Fields.callStatic(
                NETTY + ".http.client.HttpClient", sender.getClass().getClassLoader(), "create");
        if (client != null && Fields.readOfSpring(sender, "defaultInitializer") instanceof Function<?, ?> first) {
            client = Fields.result(first, "apply", client);
        }
        return client == null ? null : Fields.result(mapper, "apply", client);
    }

    /** Where a class of Spring Boot's. Its settings are those of HttpURLConnection otherwise. */
    private static ClientSettings simple(Object sender) {
        Object settings = Fields.readOfSpring(sender, "settings");
        Object redirects = settings == null ? null : Fields.call(settings, "redirects");
        return ClientSettings.of(
                duration(Fields.readOfSpring(sender, "connectTimeout")),
                duration(Fields.readOfSpring(sender, "readTimeout")),
                redirects != null && redirects.toString().equals("DONT_FOLLOW") ? Redirects.NONE : Redirects.OF_GET);
    }

    /** The library that an object's class, or one above it, belongs to; empty for another one. */
    private static String kind(Object object) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (String library : LIBRARIES) {
                if (type.getName().startsWith(library + ".")) {
                    return library;
                }
            }
        }
        return "";
    }

    private static ClientSettings reactorNetty(Object client, @Nullable Duration connect, @Nullable Duration read) {
        Object configuration = Fields.call(client, "configuration");
        if (configuration == null) {
            return ClientSettings.of(connect, read, Redirects.NONE);
        }
        boolean follows = Fields.call(configuration, "followRedirectPredicate") != null;
        return ClientSettings.of(
                connect == null ? connectTimeoutOption(configuration) : connect,
                shorter(read, duration(Fields.call(configuration, "responseTimeout"))),
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

    private static ClientSettings jetty(Object client, @Nullable Duration read) {
        Duration idle = duration(Fields.call(client, "getIdleTimeout"));
        Duration said = shorter(read, duration(Fields.readOfSpring(client, "readTimeout")));
        return ClientSettings.of(
                duration(Fields.call(client, "getConnectTimeout")),
                idle == null || idle.isZero() ? said : shorter(said, idle),
                Boolean.FALSE.equals(Fields.call(client, "isFollowRedirects")) ? Redirects.NONE : Redirects.ALL);
    }

    /** Known by what it answers: its name in this class would become that of the copy inside the starter's jar. */
    private static ClientSettings okHttp(Object client, @Nullable Duration connect, @Nullable Duration read) {
        if (!(Fields.call(client, "readTimeoutMillis") instanceof Integer readMillis)) {
            return ClientSettings.of(connect, read, Redirects.ALL);
        }
        Redirects redirects = Boolean.FALSE.equals(Fields.call(client, "followRedirects"))
                ? Redirects.NONE
                : Boolean.FALSE.equals(Fields.call(client, "followSslRedirects"))
                        ? Redirects.SAME_SCHEME
                        : Redirects.ALL;
        ClientSettings settings = ClientSettings.of(
                duration(Fields.call(client, "connectTimeoutMillis")), duration(readMillis), redirects);
        Duration whole = duration(Fields.call(client, "callTimeoutMillis"));
        return whole == null || whole.isZero() ? settings : settings.within(whole);
    }

    private static ClientSettings apache(Object client, @Nullable Duration connect, @Nullable Duration read) {
        Object request = Fields.read(client, "defaultConfig");
        Object connection = apacheDefault(client, "connectionConfig");
        return ClientSettings.of(
                first(
                        connect,
                        apacheTimeout(request, "getConnectTimeout"),
                        apacheTimeout(connection, "getConnectTimeout")),
                first(
                        read,
                        apacheTimeout(request, "getResponseTimeout"),
                        apacheTimeout(connection, "getSocketTimeout"),
                        apacheTimeout(apacheDefault(client, "socketConfig"), "getSoTimeout")),
                apacheFollows(client, request) ? Redirects.ALL : Redirects.NONE);
    }

    /** What its connection manager uses for all routes; null where somebody's own code decides for each of them. */
    private static @Nullable Object apacheDefault(Object client, String name) {
        Object manager = Fields.read(client, "connManager");
        manager = manager == null ? Fields.read(client, "manager") : manager;
        if (manager == null || !kind(manager).equals(APACHE)) {
            return null;
        }
        Object resolver = Fields.read(manager, name + "Resolver");
        if (resolver == null) {
            return Fields.read(manager, name);
        }
        return kind(resolver).equals(APACHE) ? Fields.result(resolver, "resolve", (Object) null) : null;
    }

    private static @Nullable Duration apacheTimeout(@Nullable Object configuration, String name) {
        Object timeout = configuration == null ? null : Fields.call(configuration, name);
        Duration said = timeout == null ? null : duration(Fields.call(timeout, "toDuration"));
        return APACHES_OWN.equals(said) ? null : said;
    }

    private static boolean apacheFollows(Object client, @Nullable Object request) {
        if (request != null && Boolean.FALSE.equals(Fields.call(request, "isRedirectsEnabled"))) {
            return false;
        }
        if (!Fields.has(client, "execChain")) {
            return !client.getClass().getSimpleName().startsWith("Minimal");
        }
        Object element = Fields.read(client, "execChain");
        if (element == null) {
            return true;
        }
        for (; element != null; element = Fields.read(element, "next")) {
            Object handler = Fields.read(element, "handler");
            if (handler == null) {
                return true;
            }
            if (handler.getClass().getSimpleName().endsWith("RedirectExec")) {
                Object strategy = Fields.read(handler, "redirectStrategy");
                // One that says no without a look at the answer follows nothing.
                return strategy == null
                        || !Boolean.FALSE.equals(Fields.result(strategy, "isRedirected", null, null, null));
            }
        }
        return false;
    }

    private static @Nullable Duration first(@Nullable Duration... said) {
        for (Duration each : said) {
            if (each != null) {
                return each;
            }
        }
        return null;
    }

    /** Zero stands for no limit. */
    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.isZero() || (!one.isZero() && one.compareTo(other) < 0) ? one : other;
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
