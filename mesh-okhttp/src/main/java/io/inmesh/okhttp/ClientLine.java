package io.inmesh.okhttp;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.internal.connection.RealCall;
import org.jspecify.annotations.Nullable;

/**
 * OkHttp before 5.4: settings are the client's, so an attempt is a call of a client of its own, which has the settings,
 * connections and threads of the caller's client and the interceptors that come after the mesh's. The caller's call
 * cancels it, and what happens in it is told to the listener of the caller's call. Which client a call is of, OkHttp's
 * API does not say; {@link CancelRelay#offered} has checked that it can be asked.
 */
final class ClientLine implements OkHttpLine {
    private final MeshInterceptor self;
    private final CancelRelay cancellation;

    ClientLine(MeshInterceptor self, CancelRelay cancellation) {
        this.self = self;
        this.cancellation = cancellation;
    }

    private static OkHttpClient client(Interceptor.Chain chain) {
        return ((RealCall) chain.call()).getClient();
    }

    @Override
    public boolean callsOfItsOwn() {
        return true;
    }

    @Override
    public SocketFactory socketFactory(Interceptor.Chain chain) {
        return client(chain).socketFactory();
    }

    @Override
    public CookieJar cookieJar(Interceptor.Chain chain) {
        return client(chain).cookieJar();
    }

    @Override
    public @Nullable Cache cache(Interceptor.Chain chain) {
        return client(chain).cache();
    }

    @Override
    public Dns dns(Interceptor.Chain chain) {
        return client(chain).dns();
    }

    @Override
    public ConnectionPool connectionPool(Interceptor.Chain chain) {
        return client(chain).connectionPool();
    }

    @Override
    public boolean followsRedirects(Interceptor.Chain chain) {
        return client(chain).followRedirects();
    }

    @Override
    public boolean followsSslRedirects(Interceptor.Chain chain) {
        return client(chain).followSslRedirects();
    }

    @Override
    public AttemptTrace trace(Call call) {
        return AttemptTrace.ofOtherCalls();
    }

    @Override
    public Interceptor.Chain alike(Interceptor.Chain own, Interceptor.Chain callers) {
        return own.withConnectTimeout(callers.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
                .withReadTimeout(callers.readTimeoutMillis(), TimeUnit.MILLISECONDS)
                .withWriteTimeout(callers.writeTimeoutMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void relayCancel(Call caller, Call other) {
        cancellation.relay((RealCall) caller, other);
        if (caller.isCanceled()) {
            other.cancel();
        }
    }

    @Override
    public Sender sender(AttemptSettings settings) {
        Interceptor.Chain chain = settings.chain();
        RealCall caller = (RealCall) chain.call();
        OkHttpClient client = caller.getClient();
        boolean raised = settings.http2()
                && !client.protocols().contains(Protocol.H2_PRIOR_KNOWLEDGE)
                && (settings.toEndpoint() || !ChainLine.isProxied(client.proxy(), client.proxySelector(), settings));
        OkHttpClient attempts = attempts(client, settings, raised);
        return outgoing -> {
            try {
                return send(caller, new RealCall(attempts, outgoing, caller.getForWebSocket()), settings);
            } catch (IOException e) {
                throw raised ? Http2Sender.explained(e, settings.trace()) : e;
            }
        };
    }

    private Response send(RealCall caller, Call call, AttemptSettings settings) throws IOException {
        call.timeout().timeout(settings.nanosLeft().getAsLong(), TimeUnit.NANOSECONDS);
        cancellation.relay(caller, call);
        settings.trace().madeBy(call);
        if (caller.isCanceled()) {
            call.cancel();
        }
        return call.execute();
    }

    private OkHttpClient attempts(OkHttpClient client, AttemptSettings settings, boolean http2) {
        Interceptor.Chain chain = settings.chain();
        EventListener told = ((RealCall) chain.call()).getEventListener$okhttp();
        OkHttpClient.Builder builder = client.newBuilder()
                .socketFactory(settings.sockets())
                .dns(settings.dns())
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .connectTimeout(
                        settings.connectTimeoutMillis() > 0
                                ? settings.connectTimeoutMillis()
                                : chain.connectTimeoutMillis(),
                        TimeUnit.MILLISECONDS)
                .readTimeout(chain.readTimeoutMillis(), TimeUnit.MILLISECONDS)
                .writeTimeout(chain.writeTimeoutMillis(), TimeUnit.MILLISECONDS)
                .callTimeout(Duration.ZERO)
                .eventListener(
                        told == EventListener.NONE
                                ? settings.trace()
                                : new EventsOfAttempt(chain.call(), told, settings.trace()));
        if (settings.toEndpoint()) {
            builder.proxy(Proxy.NO_PROXY);
        }
        if (http2) {
            builder.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        }
        builder.interceptors().subList(0, asked(client, chain)).clear();
        builder.addNetworkInterceptor(SentOnce::hide);
        return builder.build();
    }

    /** How many of the client's interceptors have had the call, the mesh's among them. */
    private int asked(OkHttpClient client, Interceptor.Chain chain) {
        int own = client.interceptors().indexOf(self);
        return own >= 0 ? own + 1 : askedWithWrapper(chain);
    }

    /** The same for an interceptor that is wrapped in another one, which only the chain itself can tell. */
    private static int askedWithWrapper(Interceptor.Chain chain) {
        try {
            Field index = chain.getClass().getDeclaredField("index");
            index.setAccessible(true);
            return index.getInt(chain);
        } catch (ReflectiveOperationException | RuntimeException hidden) {
            throw new IllegalStateException(
                    "OkHttp before 5.4 does not tell which interceptors come after this one: add"
                            + " MeshInterceptor itself to the client and not a wrapper of it, or raise OkHttp to 5.4 or newer",
                    hidden);
        }
    }
}
