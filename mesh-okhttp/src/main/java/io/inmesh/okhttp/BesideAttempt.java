package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.ResponseEdits;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that is sent beside another one of the caller's call, by a call of its own whose answer the caller may have: with the
 * settings of the caller's call and within its timeout, and cancelled with it once the caller has the answer.
 */
final class BesideAttempt extends CopyAttempt {
    private final Interceptor.Chain callers;
    private final LongSupplier passedNanos;

    BesideAttempt(CopiedRequest request, Attempt attempt, Interceptor.Chain callers, LongSupplier passedNanos) {
        super(request, attempt);
        this.callers = callers;
        this.passedNanos = passedNanos;
    }

    @Override
    Call newCall() {
        Call own = super.newCall();
        long timeout = callers.call().timeout().timeoutNanos();
        if (timeout > 0) {
            own.timeout().timeout(Math.max(1, timeout - passedNanos.getAsLong()), TimeUnit.NANOSECONDS);
        }
        return own;
    }

    @Override
    Response sendBy(Interceptor.Chain chain) throws IOException {
        return super.sendBy(line().alike(chain, callers));
    }

    @Override
    public Response deliver(Response response, @Nullable ResponseEdits edits, CallEnd end) {
        line().relayCancel(callers.call(), call());
        return carried().deliver(response, edits, end);
    }
}
