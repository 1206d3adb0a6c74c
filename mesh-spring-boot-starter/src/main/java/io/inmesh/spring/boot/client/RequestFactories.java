package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.function.SingletonSupplier;

/** Puts the mesh in front of request factories. Thread-safe. */
final class RequestFactories {
    /** Mock servers of tests, which answer in place of any server. */
    private static final String TESTS = "org.springframework.test.";

    private static final String SPRINGS = "org.springframework.";

    private final Supplier<@Nullable MeshTransport> transport;

    RequestFactories(Supplier<@Nullable MeshTransport> transport) {
        this.transport = transport;
    }

    /** Whether the mesh stands in front of a factory already, or of one that it wraps. */
    static boolean isMeshed(ClientHttpRequestFactory factory) {
        return factory instanceof MeshClientHttpRequestFactory
                || (factory instanceof AbstractClientHttpRequestFactoryWrapper wrapper
                        && isMeshed(wrapper.getDelegate()));
    }

    /** Whether what sends requests is a mock server. */
    static boolean answersForTests(Object sender) {
        return sender.getClass().getName().startsWith(TESTS);
    }

    /** Why a factory is to stay as it is; null where the mesh may get in front of it. */
    static @Nullable String refusal(ClientHttpRequestFactory factory) {
        if (factory instanceof AbstractClientHttpRequestFactoryWrapper wrapper) {
            return refusal(wrapper.getDelegate());
        }
        return answersForTests(factory) ? "a mock server answers its calls" : null;
    }

    /** What of a factory holds for hosts that the mesh does not know only; null for nothing. */
    static @Nullable String remark(ClientHttpRequestFactory factory) {
        if (factory instanceof AbstractClientHttpRequestFactoryWrapper wrapper) {
            return remark(wrapper.getDelegate());
        }
        String name = factory.getClass().getName();
        return factory instanceof Detected || name.startsWith(SPRINGS) || isMeshed(factory)
                ? null
                : "what " + name + " does to requests holds for hosts that the mesh does not know only";
    }

    ClientHttpRequestFactory meshed(ClientHttpRequestFactory factory) {
        return isMeshed(factory)
                ? factory
                : new MeshClientHttpRequestFactory(transport, () -> SpringSettings.of(factory), factory);
    }

    /** In front of the factory that Spring finds for a client which has none of its own. */
    ClientHttpRequestFactory meshed(Supplier<ClientHttpRequestFactory> detection) {
        Detected detected = new Detected(SingletonSupplier.of(detection));
        return new MeshClientHttpRequestFactory(
                transport, () -> SpringSettings.of(detected.factory().get()), detected);
    }

    /** Found at the first request: some start threads when they are made. */
    private record Detected(Supplier<ClientHttpRequestFactory> factory) implements ClientHttpRequestFactory {
        @Override
        public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
            return factory.get().createRequest(uri, method);
        }
    }
}
