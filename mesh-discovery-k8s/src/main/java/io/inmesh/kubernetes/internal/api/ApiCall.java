package io.inmesh.kubernetes.internal.api;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One request that can be cancelled from another thread. */
public final class ApiCall {
    private final ApiServer server;
    private final ApiRequest request;
    private @Nullable Call running;
    private boolean canceled;

    ApiCall(ApiServer server, ApiRequest request) {
        this.server = server;
        this.request = request;
    }

    /**
     * Asks, and waits for the head of the answer. Where the server does not trust us or we not it, credentials are read
     * anew and it is asked once more.
     *
     * @throws ApiFailure when the answer is an error
     * @throws UnreachableException when there was no connection to ask over
     * @throws IOException when the connection broke, or the configuration cannot be read
     */
    public ApiResponse execute() throws IOException {
        Session session = server.session();
        try {
            return attempt(session);
        } catch (IOException failure) {
            Session renewed = Session.distrust(failure) ? server.renew(session, failure) : session;
            if (renewed == session) {
                throw failure;
            }
            return attempt(renewed);
        }
    }

    /** Ends it; {@link #execute} and the reading of its answer fail. */
    public void cancel() {
        Call call;
        synchronized (this) {
            canceled = true;
            call = running;
        }
        if (call != null) {
            call.cancel();
        }
    }

    private ApiResponse attempt(Session session) throws IOException {
        Connecting connecting = new Connecting();
        Call call = session.newCall(request, connecting);
        synchronized (this) {
            if (canceled) {
                throw new IOException(new CancellationException("canceled before it began"));
            }
            running = call;
        }
        Response response;
        try {
            response = call.execute();
        } catch (IOException failure) {
            throw connecting.connected || call.isCanceled()
                    ? failure
                    : new UnreachableException(session.toString(), failure);
        }
        if (response.isSuccessful()) {
            return new ApiResponse(response);
        }
        try (response) {
            throw server.failure(response);
        }
    }

    /** Learns whether there ever was a connection. */
    private static final class Connecting extends EventListener {
        private volatile boolean connected;

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            connected = true;
        }
    }
}
