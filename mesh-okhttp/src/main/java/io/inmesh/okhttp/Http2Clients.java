package io.inmesh.okhttp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The clients that speak HTTP/2 without TLS in place of clients that do not: one for each of those, with its settings,
 * connections and threads, and with the interceptors that come after the mesh's. What may differ from call to call, or
 * belongs to one attempt, each call brings with it: the settings of the attempt's chain. Thread-safe.
 */
final class Http2Clients {
    /** Of clients that come and go, the latest; those that are used for longer are fewer. */
    private static final int MOST_CLIENTS = 256;

    private final MeshInterceptor self;
    private final Cache<OkHttpClient, OkHttpClient> clients =
            Caffeine.newBuilder().weakKeys().maximumSize(MOST_CLIENTS).build();

    /** Makes them for an interceptor, of which the clients must be. */
    Http2Clients(MeshInterceptor self) {
        this.self = self;
    }

    /** The chain of the attempt that a call makes. */
    private record AttemptSettings(Interceptor.Chain chain) {}

    /**
     * A call that makes an attempt. It has no timeout, and tells nobody what happens.
     *
     * @param client of the caller's call
     * @param attempt whose settings apply
     */
    Call newCall(OkHttpClient client, Request request, Interceptor.Chain attempt) {
        Call call = clients.get(client, this::speakingHttp2).newCall(request);
        call.tag(AttemptSettings.class, () -> new AttemptSettings(attempt));
        return call;
    }

    private OkHttpClient speakingHttp2(OkHttpClient client) {
        OkHttpClient.Builder builder = client.newBuilder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .retryOnConnectionFailure(false)
                .proxy(Proxy.NO_PROXY)
                .callTimeout(Duration.ZERO)
                .eventListener(EventListener.NONE)
                .addNetworkInterceptor(SentOnce::hide);
        List<Interceptor> interceptors = builder.interceptors();
        interceptors.subList(0, interceptors.indexOf(self) + 1).clear();
        interceptors.add(0, Http2Clients::withSettings);
        return builder.build();
    }

    private static Response withSettings(Interceptor.Chain chain) throws IOException {
        AttemptSettings settings = chain.call().tag(AttemptSettings.class);
        return (settings == null ? chain : withSettings(chain, settings.chain())).proceed(chain.request());
    }

    /** Each setting costs a copy of the chain, and most are the client's own. */
    static Interceptor.Chain withSettings(Interceptor.Chain chain, Interceptor.Chain wanted) {
        Interceptor.Chain set =
                chain.withSocketFactory(wanted.getSocketFactory()).withDns(wanted.getDns());
        if (wanted.getProxy() != set.getProxy()) {
            set = set.withProxy(wanted.getProxy());
        }
        if (wanted.getProxySelector() != set.getProxySelector()) {
            set = set.withProxySelector(wanted.getProxySelector());
        }
        if (wanted.getProxyAuthenticator() != set.getProxyAuthenticator()) {
            set = set.withProxyAuthenticator(wanted.getProxyAuthenticator());
        }
        if (wanted.getAuthenticator() != set.getAuthenticator()) {
            set = set.withAuthenticator(wanted.getAuthenticator());
        }
        if (wanted.getCookieJar() != set.getCookieJar()) {
            set = set.withCookieJar(wanted.getCookieJar());
        }
        if (wanted.getCache() != set.getCache()) {
            set = set.withCache(wanted.getCache());
        }
        if (wanted.getConnectionPool() != set.getConnectionPool()) {
            set = set.withConnectionPool(wanted.getConnectionPool());
        }
        return withTimeouts(set, wanted);
    }

    private static Interceptor.Chain withTimeouts(Interceptor.Chain chain, Interceptor.Chain wanted) {
        Interceptor.Chain set = chain;
        if (wanted.connectTimeoutMillis() != set.connectTimeoutMillis()) {
            set = set.withConnectTimeout(wanted.connectTimeoutMillis(), TimeUnit.MILLISECONDS);
        }
        if (wanted.readTimeoutMillis() != set.readTimeoutMillis()) {
            set = set.withReadTimeout(wanted.readTimeoutMillis(), TimeUnit.MILLISECONDS);
        }
        if (wanted.writeTimeoutMillis() != set.writeTimeoutMillis()) {
            set = set.withWriteTimeout(wanted.writeTimeoutMillis(), TimeUnit.MILLISECONDS);
        }
        return set;
    }
}
