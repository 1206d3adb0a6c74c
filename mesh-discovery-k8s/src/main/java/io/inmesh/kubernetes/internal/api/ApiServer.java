package io.inmesh.kubernetes.internal.api;

import io.kubernetes.client.openapi.ApiClient;
import java.util.concurrent.Callable;

/** One API server: requests with the right credentials over connections that are shared. Thread-safe. */
public final class ApiServer implements AutoCloseable {
    private final Callable<ApiClient> clients;

    /**
     * Makes a connection that is opened with the first request.
     *
     * @param clients reads configuration and credentials anew each time it is called: at first, and after an answer 401
     *     or a TLS failure
     */
    public ApiServer(Callable<ApiClient> clients) {
        this.clients = clients;
    }

    Callable<ApiClient> clients() {
        return clients;
    }

    /** Ends all requests. */
    @Override
    public void close() {}
}
