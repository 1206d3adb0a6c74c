package io.inmesh.spring.boot.client;

import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;
import reactor.core.scheduler.Scheduler;

/** Stands in front of the application's builder, whatever that is. */
final class MeshClientHttpConnectorBuilder<T extends ClientHttpConnector>
        implements ClientHttpConnectorBuilder<ClientHttpConnector> {
    private final MeshTransport transport;
    private final Scheduler scheduler;
    private final ClientHttpConnectorBuilder<T> delegate;

    MeshClientHttpConnectorBuilder(
            MeshTransport transport, Scheduler scheduler, ClientHttpConnectorBuilder<T> delegate) {
        this.transport = transport;
        this.scheduler = scheduler;
        this.delegate = delegate;
    }

    @Override
    public ClientHttpConnector build(@Nullable HttpClientSettings settings) {
        return new MeshClientHttpConnector(new LazyClient(transport, settings), scheduler, delegate.build(settings));
    }

    /** Customizers are written for the delegate's kind of connector. */
    @Override
    @SuppressWarnings("unchecked")
    public ClientHttpConnectorBuilder<ClientHttpConnector> withCustomizers(
            Collection<Consumer<ClientHttpConnector>> customizers) {
        Collection<Consumer<T>> typed = customizers.stream()
                .map(customizer -> (Consumer<T>) (Consumer<?>) customizer)
                .toList();
        return new MeshClientHttpConnectorBuilder<>(transport, scheduler, delegate.withCustomizers(typed));
    }
}
