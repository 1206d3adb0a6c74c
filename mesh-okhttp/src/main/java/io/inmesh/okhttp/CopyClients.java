package io.inmesh.okhttp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The clients that send copies of requests, and attempts beside others, in the place of the clients that send the requests: one for each of those, with its
 * connections, TLS and timeouts and with the interceptors that come after the mesh's, which may sign what they send. What a
 * copy is answered is kept from the caller's cache, cookies, credentials and listeners. Thread-safe.
 */
final class CopyClients {
    /** Of clients that come and go, the latest; those that are used for longer are fewer. */
    private static final int MOST_CLIENTS = 256;

    private final MeshInterceptor self;

    /** Never starts a thread: copies are executed where they are. */
    private final Dispatcher dispatcher = new Dispatcher();

    private final Cache<OkHttpClient, OkHttpClient> clients =
            Caffeine.newBuilder().weakKeys().maximumSize(MOST_CLIENTS).build();
    private final Cache<OkHttpClient, OkHttpClient> besides =
            Caffeine.newBuilder().weakKeys().maximumSize(MOST_CLIENTS).build();

    CopyClients(MeshInterceptor self) {
        this.self = self;
    }

    /** For copies of a call's request; null where nobody can tell which interceptors come after the mesh's. */
    @Nullable
    OkHttpClient of(Call call) {
        OkHttpClient client = followed(call);
        return client == null ? null : clients.get(client, this::forCopies);
    }

    /** Whether it can be told which interceptors of a call's client come after the mesh's. */
    boolean follow(Call call) {
        return followed(call) != null;
    }

    /**
     * For an attempt that is sent beside another one of a call, whose answer the caller may have: with the caller's cache, cookies
     * and credentials.
     *
     * @throws NullPointerException where nobody can tell which interceptors come after the mesh's
     */
    OkHttpClient beside(Call call) {
        return besides.get(
                Objects.requireNonNull(followed(call)),
                one -> fromTheMeshOn(one.newBuilder()).build());
    }

    /** The client of a call, where it is known which of its interceptors come after the mesh's. */
    private @Nullable OkHttpClient followed(Call call) {
        OkHttpClient client = Http2Sender.clientOf(call);
        return client == null || !client.interceptors().contains(self) ? null : client;
    }

    private OkHttpClient forCopies(OkHttpClient client) {
        return fromTheMeshOn(client.newBuilder()
                        .cache(null)
                        .cookieJar(client.cookieJar() == CookieJar.NO_COOKIES ? CookieJar.NO_COOKIES : readOnly(client))
                        .authenticator(Authenticator.NONE))
                .build();
    }

    private OkHttpClient.Builder fromTheMeshOn(OkHttpClient.Builder client) {
        OkHttpClient.Builder builder = client.dispatcher(dispatcher)
                .eventListener(EventListener.NONE)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .callTimeout(Duration.ZERO);
        List<Interceptor> interceptors = builder.interceptors();
        interceptors.subList(0, interceptors.indexOf(self)).clear();
        return builder;
    }

    private static CookieJar readOnly(OkHttpClient client) {
        CookieJar jar = client.cookieJar();
        return new CookieJar() {
            @Override
            public List<Cookie> loadForRequest(HttpUrl url) {
                return jar.loadForRequest(url);
            }

            @Override
            public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
                // They were set in the answer to a copy.
            }
        };
    }
}
