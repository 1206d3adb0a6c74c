package io.inmesh.spring.boot.four;

import java.lang.reflect.Method;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.util.ReflectionUtils;

/** Settings that Spring Boot has from 4.1 on, read without being compiled against it. */
final class NewerSettings {
    private static final String COOKIES_OFF = "DISABLE";

    private NewerSettings() {}

    static void apply(HttpClientSettings settings, OkHttpClient.Builder builder, Supplier<ConnectionPool> pools) {
        Method cookies = ReflectionUtils.findMethod(HttpClientSettings.class, "cookieHandling");
        if (cookies != null
                && ReflectionUtils.invokeMethod(cookies, settings) instanceof Enum<?> handling
                && !handling.name().equals(COOKIES_OFF)) {
            builder.cookieJar(new MemoryCookieJar(InstantSource.system()));
        }
        Method accessor = ReflectionUtils.findMethod(HttpClientSettings.class, "inetAddressFilter");
        Object filter = accessor == null ? null : ReflectionUtils.invokeMethod(accessor, settings);
        if (accessor != null && filter != null) {
            Method matches = ReflectionUtils.findMethod(accessor.getReturnType(), "matches", InetAddress.class);
            if (matches == null) {
                throw new IllegalStateException(
                        "This version of Spring Boot has an address filter that InMesh cannot read; remove the filter or"
                                + " set mesh.enabled=false");
            }
            // A connection of a client without the filter must not be used by one that has it.
            builder.connectionPool(pools.get());
            builder.socketFactory(new FilteringSocketFactory(
                    address -> Boolean.TRUE.equals(ReflectionUtils.invokeMethod(matches, filter, address))));
        }
    }
}
