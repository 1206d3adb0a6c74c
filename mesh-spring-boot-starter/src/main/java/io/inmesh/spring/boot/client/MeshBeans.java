package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The way from an HTTP client to the mesh, taken at the first request and not when the client is built: what the mesh is
 * made of, such as a source of endpoints, may use an HTTP client itself. Thread-safe.
 */
final class MeshBeans {
    private final ConfigurableListableBeanFactory beans;
    private volatile @Nullable Mesh mesh;

    MeshBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
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

    MeshInterceptor interceptor() {
        return beans.getBean(MeshInterceptor.class);
    }
}
