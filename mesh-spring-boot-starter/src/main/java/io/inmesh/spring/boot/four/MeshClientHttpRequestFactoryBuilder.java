package io.inmesh.spring.boot.four;

import io.inmesh.spring.boot.client.MeshClientHttpRequestFactory;
import io.inmesh.spring.boot.client.MeshTransport;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;

/** Stands in front of the application's builder, whatever that is. */
final class MeshClientHttpRequestFactoryBuilder<T extends ClientHttpRequestFactory>
        implements ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> {
    private final Supplier<@Nullable MeshTransport> transport;
    private final ClientHttpRequestFactoryBuilder<T> delegate;

    MeshClientHttpRequestFactoryBuilder(
            Supplier<@Nullable MeshTransport> transport, ClientHttpRequestFactoryBuilder<T> delegate) {
        this.transport = transport;
        this.delegate = delegate;
    }

    @Override
    public ClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
        ClientHttpRequestFactory own = delegate.build(settings);
        return new MeshClientHttpRequestFactory(
                transport, () -> BootSettings.of(settings).withRedirectsOf(own), own);
    }

    /** Customizers are written for the delegate's kind of factory. */
    @Override
    @SuppressWarnings("unchecked")
    public ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> withCustomizers(
            Collection<Consumer<ClientHttpRequestFactory>> customizers) {
        Collection<Consumer<T>> typed = customizers.stream()
                .map(customizer -> (Consumer<T>) (Consumer<?>) customizer)
                .toList();
        return new MeshClientHttpRequestFactoryBuilder<>(transport, delegate.withCustomizers(typed));
    }
}
