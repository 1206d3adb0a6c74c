package io.inmesh.spring.boot.four;

import io.inmesh.spring.boot.client.MeshClientHttpConnector;
import io.inmesh.spring.boot.client.MeshTransport;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;

/** Stands in front of the application's builder, whatever that is. */
final class MeshClientHttpConnectorBuilder<T extends ClientHttpConnector>
        implements ClientHttpConnectorBuilder<ClientHttpConnector> {
    private final Supplier<@Nullable MeshTransport> transport;
    private final ClientHttpConnectorBuilder<T> delegate;

    MeshClientHttpConnectorBuilder(
            Supplier<@Nullable MeshTransport> transport, ClientHttpConnectorBuilder<T> delegate) {
        this.transport = transport;
        this.delegate = delegate;
    }

    @Override
    public ClientHttpConnector build(@Nullable HttpClientSettings settings) {
        ClientHttpConnector own = delegate.build(settings);
        return new MeshClientHttpConnector(
                transport, () -> BootSettings.of(settings).withRedirectsOf(own), own);
    }

    /** Customizers are written for the delegate's kind of connector. */
    @Override
    @SuppressWarnings("unchecked")
    public ClientHttpConnectorBuilder<ClientHttpConnector> withCustomizers(
            Collection<Consumer<ClientHttpConnector>> customizers) {
        Collection<Consumer<T>> typed = customizers.stream()
                .map(customizer -> (Consumer<T>) (Consumer<?>) customizer)
                .toList();
        return new MeshClientHttpConnectorBuilder<>(transport, delegate.withCustomizers(typed));
    }
}
