package io.inmesh.spring.boot.client;

import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.okhttp.CalledHost;
import java.util.function.Supplier;
import okhttp3.Request;

/**
 * Blocking calls for whose requests the URL alone says what host is called, whatever their Host header says. Apart from
 * {@link ProxyTransport} because an application without WebClient has none of its classes.
 */
public final class CalledByUrl {
    private static final ThreadLocal<Boolean> WITHIN = new ThreadLocal<>();

    private CalledByUrl() {}

    /**
     * Makes a call of a client on this thread. It carries nothing of the request that came in beside what the request has:
     * what is handed on is the proxy's to say.
     */
    @SuppressWarnings("try") // The scope is there to be closed.
    public static <T> T call(Supplier<T> call) {
        boolean nested = isWithin();
        WITHIN.set(true);
        try (Scope nothing = InboundContext.open(null)) {
            return call.get();
        } finally {
            if (!nested) {
                WITHIN.remove();
            }
        }
    }

    /** Whether this thread is within {@link #call}. */
    static boolean isWithin() {
        return WITHIN.get() != null;
    }

    /** The request for which the URL says what host is called, which it does anyway where there is no Host header. */
    static Request request(Request request) {
        return request.header("Host") == null
                ? request
                : request.newBuilder()
                        .tag(CalledHost.class, CalledHost.of(request))
                        .build();
    }
}
