package io.inmesh.okhttp;

import javax.net.SocketFactory;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dns;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * What differs between the lines of OkHttp: where the settings of a call are read, and how an attempt of the call gets
 * settings of its own. Thread-safe; one for each interceptor.
 */
interface OkHttpLine {
    /**
     * That of the OkHttp which the class path has.
     *
     * @param self whose attempts are sent
     * @throws IllegalStateException if a module system hides what is needed
     */
    static OkHttpLine of(MeshInterceptor self) {
        return ChainLine.isOffered() ? new ChainLine(self) : new ClientLine(self, CancelRelay.offered());
    }

    SocketFactory socketFactory(Interceptor.Chain chain);

    CookieJar cookieJar(Interceptor.Chain chain);

    @Nullable
    Cache cache(Interceptor.Chain chain);

    Dns dns(Interceptor.Chain chain);

    ConnectionPool connectionPool(Interceptor.Chain chain);

    boolean followsRedirects(Interceptor.Chain chain);

    boolean followsSslRedirects(Interceptor.Chain chain);

    /** Whether each attempt is a call of its own, and not a part of the caller's. */
    boolean callsOfItsOwn();

    /** Is told what happens in the attempts that {@link #sender} sends for a call. */
    AttemptTrace trace(Call call);

    Sender sender(AttemptSettings settings);

    /** The chain of a call that is made for the caller's, with the settings of that one as far as a chain has them. */
    Interceptor.Chain alike(Interceptor.Chain own, Interceptor.Chain callers);

    /** From here on another call ends when the caller's is cancelled, at once if it is. */
    void relayCancel(Call caller, Call other);
}
