package io.inmesh.servlet.internal.jwt;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.inmesh.model.JwtRule;
import io.inmesh.servlet.internal.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;

/**
 * Fetches key sets: from a file, or over HTTP without following redirects, in a bounded time and up to a bounded size, and
 * never from addresses of the link, among which clouds tell their secrets. Blocks; thread-safe.
 */
final class KeyFetcher {
    /** Largest key set, in bytes. */
    static final int LARGEST = 1 << 20;

    private final OkHttpClient client;
    private final LongSupplier nanos;

    KeyFetcher(SocketFactory sockets) {
        this(sockets, Ticker.SYSTEM);
    }

    /** @param nanos comparable by difference only */
    KeyFetcher(SocketFactory sockets, LongSupplier nanos) {
        this.nanos = nanos;
        client = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .socketFactory(sockets)
                // A proxy would connect in its place, and ask nobody where to.
                .proxy(Proxy.NO_PROXY)
                .build();
    }

    /** Whether keys can be fetched from there. */
    static boolean isFetchable(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        if (scheme.equalsIgnoreCase("file")) {
            return uri.getAuthority() == null
                    && uri.getPath() != null
                    && uri.getPath().startsWith("/");
        }
        return (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
                && uri.getHost() != null
                && uri.getRawUserInfo() == null;
    }

    /**
     * The text behind an address.
     *
     * @param timeout for all of it
     */
    String fetch(URI uri, Duration timeout) throws IOException {
        if ("file".equalsIgnoreCase(uri.getScheme())) {
            Path path = Path.of(uri.getPath());
            if (!Files.isRegularFile(path)) {
                // Of a pipe or a device nobody knows when it ends.
                throw new IOException("it is no regular file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(LARGEST + 1);
                requireSize(bytes.length);
                return new String(bytes, StandardCharsets.UTF_8);
            }
        }
        Request request = new Request.Builder()
                .url(uri.toString())
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        OkHttpClient timed = client.newBuilder().callTimeout(timeout).build();
        try (Response response = timed.newCall(request).execute()) {
            if (response.code() != 200) {
                throw new IOException("the answer has status " + response.code()
                        + (response.isRedirect() ? ", and redirects are not followed" : ""));
            }
            ResponseBody body = response.body();
            BufferedSource source = body.source();
            if (source.request(LARGEST + 1L)) {
                requireSize(LARGEST + 1);
            }
            return source.readString(StandardCharsets.UTF_8);
        }
    }

    /**
     * The keys of an issuer that tells in its OpenID configuration where they are.
     *
     * @param issuer a URL
     * @param timeout for all of it
     */
    String discover(String issuer, Duration timeout) throws IOException {
        long begin = nanos.getAsLong();
        URI configuration =
                URI.create((issuer.endsWith("/") ? issuer : issuer + "/") + ".well-known/openid-configuration");
        String keys;
        try {
            Map<String, Object> json = JSONObjectUtils.parse(fetch(configuration, timeout));
            if (json == null || !issuer.equals(JSONObjectUtils.getString(json, "issuer"))) {
                throw new IOException("its OpenID configuration is for another issuer");
            }
            keys = String.valueOf(JSONObjectUtils.getString(json, "jwks_uri"));
        } catch (ParseException | RuntimeException e) {
            throw new IOException("its OpenID configuration cannot be read", e);
        }
        URI uri = uri(keys);
        boolean safer = "https".equalsIgnoreCase(uri.getScheme())
                || "http".equalsIgnoreCase(uri.getScheme()) && "http".equalsIgnoreCase(configuration.getScheme());
        if (!safer || !isFetchable(uri)) {
            throw new IOException(
                    "its OpenID configuration names no address of keys, or one that is less safe than its own");
        }
        Duration left = timeout.minusNanos(nanos.getAsLong() - begin);
        if (left.toMillis() <= 0) {
            throw new IOException("its OpenID configuration took all of the time");
        }
        return fetch(uri, left);
    }

    /** Of a rule: for all that is fetched at once. */
    static Duration timeout(JwtRule rule) {
        Duration told = rule.timeout();
        return told == null || told.isZero() || told.isNegative() ? Duration.ofSeconds(5) : told;
    }

    private static URI uri(String text) throws IOException {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("its OpenID configuration names no address of keys", e);
        }
    }

    private static void requireSize(int length) throws IOException {
        if (length > LARGEST) {
            throw new IOException("it is larger than " + LARGEST + " bytes");
        }
    }
}
