package io.inmesh.okhttp.spring;

import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.okhttp.MeshOkHttp;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts the mesh's interceptor first into every bean that is an {@link OkHttpClient}, as a new client with the settings,
 * connections and threads of the bean. What has the interceptor already stays as it is; so do subclasses of the client,
 * which cannot be made anew, and a client that the mesh itself is made with. From one that is excluded it is taken away, as
 * it may come from the client that the excluded one was built from. The interceptor, and with it the mesh, is made
 * for the first such bean and not before.
 */
final class MeshedOkHttpClients implements SmartInstantiationAwareBeanPostProcessor, PriorityOrdered {
    private static final Logger LOG = LoggerFactory.getLogger(MeshedOkHttpClients.class);

    private final ObjectProvider<MeshInterceptor> interceptor;
    private final ExcludedClients excluded;

    /** Beans that others, the mesh for one, have got before they were finished. */
    private final Set<String> givenEarly = ConcurrentHashMap.newKeySet();

    MeshedOkHttpClients(ObjectProvider<MeshInterceptor> interceptor, ExcludedClients excluded) {
        this.interceptor = interceptor;
        this.excluded = excluded;
    }

    /** Before proxies are made, behind which a client cannot be seen. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof OkHttpClient client)) {
            return bean;
        }
        boolean isMeshed = client.interceptors().stream().anyMatch(MeshInterceptor.class::isInstance);
        if (excluded.has(name)) {
            return isMeshed && client.getClass() == OkHttpClient.class ? withoutMesh(client) : client;
        }
        if (isMeshed) {
            return bean;
        }
        if (client.getClass() != OkHttpClient.class) {
            LOG.warn(
                    "The bean {} is a {}, which the mesh cannot make anew: add the bean MeshInterceptor where it is built,"
                            + " or list it in mesh.clients.exclude",
                    name,
                    client.getClass().getName());
            return bean;
        }
        return meshed(client, name);
    }

    @Override
    public Object getEarlyBeanReference(Object bean, String name) {
        if (bean instanceof OkHttpClient) {
            givenEarly.add(name);
        }
        return bean;
    }

    /** For one that was built from a client that is meshed. */
    private static OkHttpClient withoutMesh(OkHttpClient client) {
        OkHttpClient.Builder builder = client.newBuilder();
        builder.interceptors().removeIf(MeshInterceptor.class::isInstance);
        return builder.build();
    }

    private OkHttpClient meshed(OkHttpClient client, String name) {
        @Nullable MeshInterceptor mesh;
        try {
            mesh = interceptor.getObject();
        } catch (BeansException e) {
            if (!e.contains(BeanCurrentlyInCreationException.class)) {
                throw e;
            }
            mesh = null;
        }
        if (mesh == null || givenEarly.contains(name)) {
            LOG.warn(
                    "The bean {} was needed before it was finished, by what the mesh is made with or in a circle of beans:"
                            + " its calls do not go through the mesh",
                    name);
            return client;
        }
        OkHttpClient.Builder builder = client.newBuilder();
        builder.interceptors().add(0, mesh);
        builder.addNetworkInterceptor(MeshOkHttp.networkInterceptor());
        builder.eventListenerFactory(MeshOkHttp.eventListeners(client.eventListenerFactory()));
        return builder.build();
    }
}
