package io.inmesh.endpoint;

import java.util.function.Consumer;

/**
 * Supplies endpoints (SPI; Kubernetes plugs in here).
 *
 * <p>Threading: {@link #watch} may be called from one control thread only; callbacks may come from any thread, one at a
 * time for each watch, and must not block. Every callback is the full state of the service.
 *
 * <p>Errors: a source that loses its back end goes on with the last good state and says nothing; it never reports an
 * empty table because it cannot see.
 */
public interface EndpointSource extends AutoCloseable {
    /**
     * Starts telling about one service. The first callback may come before this method returns; until it comes, or a
     * bounded wait ends, no snapshot that needs the service is published.
     *
     * @return closes the watch; after it returns no callback starts
     */
    AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate);

    /** Name for status and log, such as {@code kubernetes}. */
    String name();

    /** Ends all watches. */
    @Override
    void close();
}
