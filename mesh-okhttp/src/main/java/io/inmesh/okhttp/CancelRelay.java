package io.inmesh.okhttp;

import okhttp3.Call;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.connection.RoutePlanner;

/**
 * Ends a call that does the work of another one when that is cancelled, for an OkHttp that tells nobody else of it. A
 * cancelled call closes what it is connecting with; the other call is made to look like that. One relay a call: the next
 * takes the place of the one before. Thread-safe.
 */
interface CancelRelay {
    /** What is cancelled already is not passed on. */
    void relay(RealCall from, Call to);

    /**
     * That of the OkHttp before 5.4 which the class path has.
     *
     * @throws IllegalStateException if there is none, because a module system hides it
     */
    static CancelRelay offered() {
        try {
            // Both are asked for by each attempt.
            RealCall.class.getMethod("getClient");
            RealCall.class.getMethod("getEventListener$okhttp");
            if (!CancelRelay.class.getModule().canRead(RealCall.class.getModule())
                    || !RealCall.class
                            .getModule()
                            .isExported(RealCall.class.getPackageName(), CancelRelay.class.getModule())) {
                throw new IllegalStateException(
                        "OkHttp before 5.4 hides from other modules how an attempt is sent: put it"
                                + " on the class path instead of the module path, or raise it to 5.4 or newer");
            }
            return hasPlans() ? CancelRelay::byPlan : new ConnectionToCancel();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(
                    "This OkHttp cannot be used by InMesh, use 4.12.0, or 5.0.0 or newer: " + e, e);
        }
    }

    private static boolean hasPlans() {
        try {
            RealCall.class.getMethod("getPlansToCancel$okhttp");
            return true;
        } catch (NoSuchMethodException older) {
            return false;
        }
    }

    private static void byPlan(RealCall from, Call to) {
        var plans = from.getPlansToCancel$okhttp();
        plans.removeIf(PlanOfOtherCall.class::isInstance);
        plans.add(new PlanOfOtherCall(to));
    }

    /** A way to connect, as OkHttp sees it, of which it wants nothing but the cancellation. */
    record PlanOfOtherCall(Call call) implements RoutePlanner.Plan {
        @Override
        public void cancel() {
            call.cancel();
        }

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public RoutePlanner.ConnectResult connectTcp() {
            throw neverTried();
        }

        @Override
        public RoutePlanner.ConnectResult connectTlsEtc() {
            throw neverTried();
        }

        @Override
        public RealConnection handleSuccess() {
            throw neverTried();
        }

        @Override
        public RoutePlanner.Plan retry() {
            throw neverTried();
        }

        private static IllegalStateException neverTried() {
            return new IllegalStateException("only cancelled, never tried");
        }
    }
}
