package io.inmesh.okhttp;

import java.net.Proxy;
import java.net.ProxySelector;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** OkHttp 5.4 and newer: the chain has all settings, and an attempt is a part of the caller's call. */
final class ChainLine implements OkHttpLine {
    private final MeshInterceptor self;
    private final Http2Clients http2Clients;

    ChainLine(MeshInterceptor self) {
        this.self = self;
        this.http2Clients = new Http2Clients(self);
    }

    /** Whether the class path has such an OkHttp. */
    static boolean isOffered() {
        try {
            Interceptor.Chain.class.getMethod("withSocketFactory", SocketFactory.class);
            return true;
        } catch (NoSuchMethodException older) {
            return false;
        }
    }

    @Override
    public boolean callsOfItsOwn() {
        return false;
    }

    @Override
    public SocketFactory socketFactory(Interceptor.Chain chain) {
        return chain.getSocketFactory();
    }

    @Override
    public CookieJar cookieJar(Interceptor.Chain chain) {
        return chain.getCookieJar();
    }

    @Override
    public @Nullable Cache cache(Interceptor.Chain chain) {
        return chain.getCache();
    }

    @Override
    public Dns dns(Interceptor.Chain chain) {
        return chain.getDns();
    }

    @Override
    public ConnectionPool connectionPool(Interceptor.Chain chain) {
        return chain.getConnectionPool();
    }

    @Override
    public boolean followsRedirects(Interceptor.Chain chain) {
        return chain.getFollowRedirects();
    }

    @Override
    public boolean followsSslRedirects(Interceptor.Chain chain) {
        return chain.getFollowSslRedirects();
    }

    @Override
    public AttemptTrace trace(Call call) {
        return AttemptTrace.of(call);
    }

    @Override
    public Interceptor.Chain alike(Interceptor.Chain own, Interceptor.Chain callers) {
        return withTls(Http2Clients.withSettings(own, callers), callers);
    }

    /** The pinner last: a socket factory brings what the pinner cleans chains with. */
    private static Interceptor.Chain withTls(Interceptor.Chain chain, Interceptor.Chain wanted) {
        Interceptor.Chain set = chain;
        if (wanted.getSslSocketFactoryOrNull() != set.getSslSocketFactoryOrNull()
                || wanted.getX509TrustManagerOrNull() != set.getX509TrustManagerOrNull()) {
            set = set.withSslSocketFactory(wanted.getSslSocketFactoryOrNull(), wanted.getX509TrustManagerOrNull());
        }
        if (wanted.getHostnameVerifier() != set.getHostnameVerifier()) {
            set = set.withHostnameVerifier(wanted.getHostnameVerifier());
        }
        if (!wanted.getCertificatePinner().equals(set.getCertificatePinner())) {
            set = set.withCertificatePinner(wanted.getCertificatePinner());
        }
        return set;
    }

    @Override
    public void relayCancel(Call caller, Call other) {
        AttemptTrace.of(caller).carriedBy(other);
        if (caller.isCanceled()) {
            other.cancel();
        }
    }

    @Override
    public Sender sender(AttemptSettings settings) {
        Interceptor.Chain direct = settings.chain()
                .withSocketFactory(settings.sockets())
                .withRetryOnConnectionFailure(false)
                .withDns(settings.dns());
        if (settings.connectTimeoutMillis() > 0) {
            direct = direct.withConnectTimeout(settings.connectTimeoutMillis(), TimeUnit.MILLISECONDS);
        }
        Interceptor.Chain chain = settings.toEndpoint() ? direct.withProxy(Proxy.NO_PROXY) : direct;
        Call call = chain.call();
        if (!settings.http2() || isProxied(chain, settings)) {
            return chain::proceed;
        }
        OkHttpClient client = Http2Sender.clientOf(call);
        if (client != null && client.protocols().contains(Protocol.H2_PRIOR_KNOWLEDGE)) {
            return chain::proceed;
        }
        AttemptTrace trace = settings.trace();
        if (client == null || !client.interceptors().contains(self)) {
            return outgoing -> Http2Sender.sendAnyway(chain, outgoing, trace, client != null);
        }
        return new Http2Sender(http2Clients, client, chain, trace, settings.nanosLeft());
    }

    /** Whether an HTTP proxy takes the request, which is told it by HTTP/1.1 and speaks to the server as it likes. */
    private static boolean isProxied(Interceptor.Chain chain, AttemptSettings settings) {
        return !settings.toEndpoint() && isProxied(chain.getProxy(), chain.getProxySelector(), settings);
    }

    static boolean isProxied(@Nullable Proxy proxy, ProxySelector selector, AttemptSettings settings) {
        if (proxy != null) {
            return proxy.type() == Proxy.Type.HTTP;
        }
        var chosen = selector.select(settings.url().uri());
        return chosen != null && !chosen.isEmpty() && chosen.get(0).type() == Proxy.Type.HTTP;
    }
}
