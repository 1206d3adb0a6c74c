package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends a copied request as a call of a client for copies, which leads to {@link MeshInterceptor} first: from there on it is
 * sent as any attempt is. Used by one thread, but for {@link #cancel}.
 */
final class CopyAttempt implements TransportAttempt<Response> {
    private final CopiedRequest copy;
    private final Attempt attempt;

    /** Under the lock, as is the next one; null before it is sent. */
    private @Nullable Call call;

    private boolean canceled;

    /** Null before the call has come so far. */
    private @Nullable OkHttpAttempt sent;

    CopyAttempt(CopiedRequest copy, Attempt attempt) {
        this.copy = copy;
        this.attempt = attempt;
    }

    @Override
    public Response send() throws IOException {
        Call own = copy.client()
                .newCall(
                        copy.request().newBuilder().tag(CopyAttempt.class, this).build());
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
        return sent == null ? FailureKind.outcome(failure, isCanceled(), null, true) : sent.classifyFailure(failure);
    }

    private synchronized boolean isCanceled() {
        return canceled;
    }

    @Override
    public boolean neverConnected() {
        return sent != null && sent.neverConnected();
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
