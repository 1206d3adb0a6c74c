package io.inmesh.spring.boot.client;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * What one Spring client wants of its calls, whatever it was made with. Immutable.
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

    /** Which redirects are followed. */
    public enum Redirects {
        /** None. */
        NONE,
        /** Those that answer a GET, as HttpURLConnection does for Spring. */
        OF_GET,
        /** All. */
        ALL
    }

    private static final BiConsumer<OkHttpClient.Builder, Supplier<ConnectionPool>> NOTHING = (builder, pools) -> {};

    /** Timeouts of the properties, all redirects. */
    public static final ClientSettings UNSAID = of(null, null, Redirects.ALL);

    /** Settings that any client can have. */
    public static ClientSettings of(
            @Nullable Duration connectTimeout, @Nullable Duration readTimeout, Redirects redirects) {
        return new ClientSettings(connectTimeout, readTimeout, redirects, NOTHING);
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
