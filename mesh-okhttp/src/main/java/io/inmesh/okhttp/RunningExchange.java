package io.inmesh.okhttp;

import okhttp3.Call;
import okhttp3.internal.connection.Exchange;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.connection.RoutePlanner;
import org.jspecify.annotations.Nullable;

/**
 * What a call is busy with: a request and its answer on one connection, or the making of connections. Cancelling that is
 * what OkHttp does when a call is cancelled, without the call being cancelled for ever. It is not part of OkHttp's API, so
 * there is an answer for a call that is none of OkHttp's own, and for a module system that hides it.
 */
final class RunningExchange {
    /** In place of an exchange where there is one and the call does not tell it. */
    private static final Object UNTOLD = new Object();

    private RunningExchange() {}

    /** The request that the call begins to send, or a placeholder where the call cannot be asked; for the call's thread. */
    static Object of(Call call) {
        try {
            Exchange told = call instanceof RealCall real ? real.getInterceptorScopedExchange$okhttp() : null;
            return told == null ? UNTOLD : told;
        } catch (LinkageError e) {
            return UNTOLD;
        }
    }

    /**
     * Makes whatever waits for the exchange fail, and connecting too; on any thread.
     *
     * @param exchange from {@link #of}; null before there is one
     * @return false where the call cannot be asked, and nothing was done
     */
    static boolean cancel(Call call, @Nullable Object exchange) {
        try {
            if (exchange == UNTOLD || !(call instanceof RealCall real)) {
                return false;
            }
            if (exchange instanceof Exchange running) {
                running.cancel();
            }
            for (RoutePlanner.Plan plan : real.getPlansToCancel$okhttp()) {
                plan.cancel();
            }
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }
}
