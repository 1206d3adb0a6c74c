package io.inmesh.spring.boot.client;

import java.net.URI;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * What one Spring client wants of its calls, whatever it was made with. Immutable.
 *
 * <p>A negative timeout says nothing; others become the nearest that OkHttp takes, of 1 ms to 24 days.
 *
 * @param connectTimeout null where the client does not say, zero for no limit
 * @param readTimeout null where the client does not say, zero for no limit
 * @param more what only some lines of Spring Boot can say, such as TLS; given the way to a connection pool of its own
 */
public record ClientSettings(
        @Nullable Duration connectTimeout,
        @Nullable Duration readTimeout,
        Redirects redirects,
        BiConsumer<OkHttpClient.Builder, Supplier<ConnectionPool>> more) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    public ClientSettings {
        connectTimeout = possible(connectTimeout);
        readTimeout = possible(readTimeout);
    }

    private static @Nullable Duration possible(@Nullable Duration said) {
        if (said == null || said.isNegative()) {
            return null;
        }
        if (said.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        return !said.isZero() && said.compareTo(SHORTEST) < 0 ? SHORTEST : said;
    }

    /** Which redirects are followed. */
    public enum Redirects {
        /** None. */
        NONE,
        /** Those that answer a GET and keep the scheme, as HttpURLConnection does for Spring. */
        OF_GET,
        /** Those that keep the scheme. */
        SAME_SCHEME,
        /** All but those from https to http, as the JDK's client does unless it is told to follow always. */
        SECURE,
        /** All. */
        ALL;

        /** What holds for one request: none, those that keep the scheme, or all. */
        Redirects of(HttpMethod method, URI uri) {
            return switch (this) {
                case OF_GET -> method.equals(HttpMethod.GET) ? SAME_SCHEME : NONE;
                case SECURE -> "https".equalsIgnoreCase(uri.getScheme()) ? SAME_SCHEME : ALL;
                case NONE, SAME_SCHEME, ALL -> this;
            };
        }
    }

    private static final BiConsumer<OkHttpClient.Builder, Supplier<ConnectionPool>> NOTHING = (builder, pools) -> {};

    /** Timeouts of the properties, all redirects. */
    public static final ClientSettings UNSAID = of(null, null, Redirects.ALL);

    /** Settings that any client can have. */
    public static ClientSettings of(
            @Nullable Duration connectTimeout, @Nullable Duration readTimeout, Redirects redirects) {
        return new ClientSettings(connectTimeout, readTimeout, redirects, NOTHING);
    }

    /**
     * The same with the redirects that a client of Spring Boot's follows by itself; none where none are wanted.
     *
     * @param sender whatever sends the requests to hosts that the mesh does not know
     */
    public ClientSettings withRedirectsOf(Object sender) {
        Redirects own = SpringSettings.of(sender).redirects();
        // Spring Boot lets HttpURLConnection follow whatever the method.
        return redirects == Redirects.NONE ? this : with(own == Redirects.OF_GET ? Redirects.SAME_SCHEME : own);
    }

    /** The same with other redirects. */
    ClientSettings with(Redirects others) {
        return new ClientSettings(connectTimeout, readTimeout, others, more);
    }

    /** The same with a limit for each call as a whole, redirects and body included. */
    ClientSettings within(Duration limit) {
        return new ClientSettings(
                connectTimeout, readTimeout, redirects, more.andThen((builder, pools) -> builder.callTimeout(limit)));
    }

    /** Whether clients with the same timeouts and redirects are alike. */
    boolean isPlain() {
        return more == NOTHING;
    }
}
