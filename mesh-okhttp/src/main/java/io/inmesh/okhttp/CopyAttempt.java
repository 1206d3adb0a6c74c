package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import java.io.IOException;
import java.util.Objects;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends a copied request as a call of a client for copies, which leads to {@link MeshInterceptor} first: from there on it is
 * sent as any attempt is. Used by one thread, but for {@link #cancel}.
 */
class CopyAttempt implements TransportAttempt<Response> {
    private final CopiedRequest copy;
    private final Attempt attempt;

    /** Under the lock, as is the next one; null before it is sent. */
    private @Nullable Call call;

    private boolean canceled;

    /** Null before the call has come so far. */
    private volatile @Nullable OkHttpAttempt sent;

    CopyAttempt(CopiedRequest copy, Attempt attempt) {
        this.copy = copy;
        this.attempt = attempt;
    }

    /** The call that carries it. */
    Call newCall() {
        return copy.client()
                .newCall(
                        copy.request().newBuilder().tag(CopyAttempt.class, this).build());
    }

    OkHttpLine line() {
        return copy.interceptor().line();
    }

    /** Only once there is a response. */
    final synchronized Call call() {
        return Objects.requireNonNull(call);
    }

    /** The same as an attempt of its call; only once there is a response. */
    final OkHttpAttempt carried() {
        return Objects.requireNonNull(sent);
    }

    @Override
    public final Response send() throws IOException {
        Call own = newCall();
        synchronized (this) {
            if (canceled) {
                throw new IOException("Canceled");
            }
            call = own;
        }
        return own.execute();
    }

    /** Sends it as an attempt of its call. */
    Response sendBy(Interceptor.Chain chain) throws IOException {
        OkHttpAttempt carried =
                new OkHttpAttempt(copy.interceptor(), chain, copy.request(), copy.head(), attempt, null, () -> 0);
        sent = carried;
        return carried.send();
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        OkHttpAttempt carried = sent;
        return carried == null
                ? FailureKind.outcome(failure, isCanceled(), null, true)
                : carried.classifyFailure(failure);
    }

    private synchronized boolean isCanceled() {
        return canceled;
    }

    @Override
    public boolean neverConnected() {
        OkHttpAttempt carried = sent;
        return carried != null && carried.neverConnected();
    }

    /** Closing reads what little is left, so that the connection can be used again. */
    @Override
    public Response deliver(Response response, @Nullable ResponseEdits edits, CallEnd end) {
        discard(response);
        end.ended(OkHttpExchange.outcome(response));
        return response;
    }

    @Override
    public void discard(Response response) {
        response.close();
    }

    @Override
    public void cancel() {
        Call own;
        synchronized (this) {
            canceled = true;
            own = call;
        }
        if (own != null) {
            own.cancel();
        }
    }
}
