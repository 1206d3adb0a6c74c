package io.inmesh.kubernetes.internal.api;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Address, credentials and trust as they were read once. Thread-safe. */
final class Session {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    // A dead connection is noticed after one to two of these.
    private static final Duration LONGEST_PING_INTERVAL = Duration.ofSeconds(15);

    private static final String BEARER = "BearerToken";

    private final ApiClient config;
    private final OkHttpClient http;
    private final HttpUrl base;
    private final long readNanos;

    /**
     * Makes a session.
     *
     * @param readNanos when the configuration was read
     */
    Session(ApiClient config, Dispatcher calls, ConnectionPool connections, long readNanos) {
        this.config = config;
        this.base = HttpUrl.get(config.getBasePath());
        this.readNanos = readNanos;
        this.http = config.getHttpClient()
                .newBuilder()
                .dispatcher(calls)
                .connectionPool(connections)
                // Repeating is the caller's, who knows how long the server wants to be left alone.
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(CONNECT_TIMEOUT)
                .pingInterval(pingInterval(config.getHttpClient()))
                .build();
    }

    private static Duration pingInterval(OkHttpClient given) {
        int millis = given.pingIntervalMillis();
        boolean shorter = millis > 0 && millis < LONGEST_PING_INTERVAL.toMillis();
        return shorter ? Duration.ofMillis(millis) : LONGEST_PING_INTERVAL;
    }

    /** Names the server for people. */
    @Override
    public String toString() {
        return "the API server at " + base.scheme() + "://" + base.host() + ":" + base.port();
    }

    long readNanos() {
        return readNanos;
    }

    /** Whether it may help to read the configuration anew: refused credentials, or a failure of TLS. */
    static boolean distrust(IOException failure) {
        return failure instanceof SSLException
                || failure.getCause() instanceof SSLException
                || (failure instanceof ApiFailure answer && answer.code() == 401);
    }

    Call newCall(ApiRequest request, EventListener listener) throws IOException {
        return http.newBuilder()
                .eventListener(listener)
                .callTimeout(request.callTimeout())
                .readTimeout(request.readTimeout())
                .build()
                .newCall(toHttp(request));
    }

    private Request toHttp(ApiRequest request) throws IOException {
        HttpUrl.Builder url =
                base.newBuilder().addEncodedPathSegments(request.path().substring(1));
        request.query().forEach(url::addQueryParameter);
        Map<String, String> headers = new HashMap<>();
        Map<String, String> cookies = new HashMap<>();
        if (config.getAuthentications().containsKey(BEARER)) {
            try {
                config.updateParamsForAuth(
                        new String[] {BEARER},
                        new ArrayList<>(),
                        headers,
                        cookies,
                        "",
                        "GET",
                        URI.create(config.getBasePath()));
            } catch (ApiException unusable) {
                throw new IOException("the credentials for the API server cannot be used", unusable);
            }
        }
        Request.Builder http1 = new Request.Builder().url(url.build());
        headers.forEach(http1::header);
        return http1.header("Accept", request.accept())
                .header("User-Agent", UserAgent.TEXT)
                .build();
    }
}
