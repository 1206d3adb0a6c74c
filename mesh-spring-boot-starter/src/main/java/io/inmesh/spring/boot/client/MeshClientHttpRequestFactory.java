package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Makes requests that go to hosts that the mesh knows through it, all others as they would go without it. A delegate
 * that wraps another factory, to buffer bodies for example, does so for both. Thread-safe.
 */
public final class MeshClientHttpRequestFactory implements ClientHttpRequestFactory {
    private final LazyClient client;
    private final ClientHttpRequestFactory delegate;

    /**
     * Stands in front of a factory.
     *
     * @param transport asked at each request; null while there is none, when everything goes to the delegate
     * @param settings asked once, at the first request to a host of the mesh
     */
    public MeshClientHttpRequestFactory(
            Supplier<@Nullable MeshTransport> transport,
            Supplier<ClientSettings> settings,
            ClientHttpRequestFactory delegate) {
        this(new LazyClient(transport, settings), delegate);
    }

    /** The same with the settings of the delegate, as far as they can be read. */
    MeshClientHttpRequestFactory(Supplier<@Nullable MeshTransport> transport, ClientHttpRequestFactory delegate) {
        this(transport, () -> SpringSettings.of(delegate), delegate);
    }

    private MeshClientHttpRequestFactory(LazyClient client, ClientHttpRequestFactory delegate) {
        this.client = client;
        this.delegate = delegate;
    }

    /** What a factory does without the mesh in front of it, or of one that it wraps. */
    static ClientHttpRequestFactory withoutMesh(ClientHttpRequestFactory factory) {
        if (factory instanceof MeshClientHttpRequestFactory meshed) {
            return meshed.delegate;
        }
        if (factory instanceof AbstractClientHttpRequestFactoryWrapper wrapper && RequestFactories.isMeshed(wrapper)) {
            ClientHttpRequestFactory inner = withoutMesh(wrapper.getDelegate());
            return (uri, method) -> wrapped(wrapper, uri, method, inner);
        }
        return factory;
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
        return delegate instanceof AbstractClientHttpRequestFactoryWrapper wrapper
                ? wrapped(wrapper, uri, method, new MeshClientHttpRequestFactory(client, wrapper.getDelegate()))
                : new MeshClientHttpRequest(
                        host -> client.knows(uri, host) ? client.get(method, uri) : null, delegate, uri, method);
    }

    private static ClientHttpRequest wrapped(
            AbstractClientHttpRequestFactoryWrapper wrapper, URI uri, HttpMethod method, ClientHttpRequestFactory inner)
            throws IOException {
        try {
            return Wrapping.request(wrapper, uri, method, inner);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            ReflectionUtils.rethrowRuntimeException(failed.getCause());
            throw new IllegalStateException(failed);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What Spring leaves to the subclasses of its wrapper: making a request with a factory that it is given. */
    private static final class Wrapping {
        private static final Method CREATE = find();

        private static Method find() {
            Method create = ReflectionUtils.findMethod(
                    AbstractClientHttpRequestFactoryWrapper.class,
                    "createRequest",
                    URI.class,
                    HttpMethod.class,
                    ClientHttpRequestFactory.class);
            if (create == null) {
                throw new IllegalStateException("This version of Spring wraps request factories in another way");
            }
            create.setAccessible(true);
            return create;
        }

        static ClientHttpRequest request(
                AbstractClientHttpRequestFactoryWrapper wrapper,
                URI uri,
                HttpMethod method,
                ClientHttpRequestFactory inner)
                throws InvocationTargetException, IllegalAccessException {
            return (ClientHttpRequest) CREATE.invoke(wrapper, uri, method, inner);
        }
    }
}
