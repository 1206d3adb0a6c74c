package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshInterceptor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The way from an HTTP client to the mesh, taken at the first request and not when the client is built: what the mesh is
 * made of, such as a source of endpoints, may use an HTTP client itself. Thread-safe.
 */
final class MeshBeans {
    private final ConfigurableListableBeanFactory beans;
    private volatile @Nullable Mesh mesh;
    private final AtomicReference<@Nullable MeshInterceptor> interceptor = new AtomicReference<>();

    MeshBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Whether the mesh is made and known here. */
    boolean isMade() {
        return mesh != null;
    }

    /** The mesh, made now if need be; null while it is being made. */
    @Nullable
    Mesh mesh() {
        Mesh made = mesh;
        if (made != null) {
            return made;
        }
        for (String name : beans.getBeanNamesForType(Mesh.class, true, false)) {
            if (beans.isCurrentlyInCreation(name)) {
                return null;
            }
        }
        made = beans.getBean(Mesh.class);
        mesh = made;
        return made;
    }

    /**
     * The interceptor of all clients.
     *
     * @throws IllegalStateException while the mesh is being made, when nothing is known that it could be asked for
     */
    MeshInterceptor interceptor() {
        MeshInterceptor known = interceptor.get();
        if (known != null) {
            return known;
        }
        Mesh routes = mesh();
        if (routes == null) {
            throw new IllegalStateException("the mesh is not there yet");
        }
        MeshInterceptor fresh = new MeshInterceptor(routes);
        MeshInterceptor first = interceptor.compareAndExchange(null, fresh);
        return first == null ? fresh : first;
    }
}
