package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.net.URI;
import java.util.function.Function;
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

    /** What is told of a client whose requests go to such a server. */
    static final String MOCKED = "a mock server answers its calls";

    private static final String SPRINGS = "org.springframework.";
    private static final String OWN = RequestFactories.class.getPackageName() + ".";

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
        return answersForTests(factory) ? MOCKED : null;
    }

    /** What of a factory holds for hosts that the mesh does not know only; null for nothing. */
    private static @Nullable String remark(ClientHttpRequestFactory factory) {
        return factory instanceof AbstractClientHttpRequestFactoryWrapper wrapper
                ? remark(wrapper.getDelegate())
                : remarkOn(factory);
    }

    /** The same of whatever sends requests, with nothing around it. */
    static @Nullable String remarkOn(Object sender) {
        String name = sender.getClass().getName();
        String what = name.startsWith(OWN)
                ? null
                : name.startsWith(SPRINGS) ? LibraryClients.unseen(sender) : "what " + name + " does to requests";
        return what == null ? null : what + " holds for hosts that the mesh does not know only";
    }

    /** The mesh in front of a factory, once. */
    static ClientHttpRequestFactory meshed(
            ClientHttpRequestFactory factory, Supplier<@Nullable MeshTransport> transport) {
        return isMeshed(factory) ? factory : new MeshClientHttpRequestFactory(transport, factory);
    }

    /**
     * Puts the mesh in front of the factory of a client, unless that has to stay as it is.
     *
     * @param using gives the client to use from now on, with the factory that it has to have
     */
    Meshed around(Object client, ClientHttpRequestFactory factory, Function<ClientHttpRequestFactory, Object> using) {
        String refusal = refusal(factory);
        return refusal == null
                ? Meshed.as(using.apply(meshed(factory, transport)), remark(factory))
                : Meshed.not(client, refusal);
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
