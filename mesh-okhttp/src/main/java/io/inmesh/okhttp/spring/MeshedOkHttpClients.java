package io.inmesh.okhttp.spring;

import io.inmesh.okhttp.MeshInterceptor;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts the mesh's interceptor first into every bean that is an {@link OkHttpClient}, as a new client with the settings,
 * connections and threads of the bean. What has the interceptor already stays as it is; so do subclasses of the client,
 * which cannot be made anew, and a client that the mesh itself is made with. The interceptor, and with it the mesh, is made
 * for the first such bean and not before.
 */
final class MeshedOkHttpClients implements BeanPostProcessor, PriorityOrdered {
    private static final Logger LOG = LoggerFactory.getLogger(MeshedOkHttpClients.class);
    private static final String SCOPED_TARGET = "scopedTarget.";

    private final ObjectProvider<MeshInterceptor> interceptor;
    private final ExcludedClients excluded;

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
        if (!(bean instanceof OkHttpClient client) || excluded.has(plain(name))) {
            return bean;
        }
        if (client.interceptors().stream().anyMatch(MeshInterceptor.class::isInstance)) {
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
        return meshed(client, name, interceptor::getObject);
    }

    private static OkHttpClient meshed(OkHttpClient client, String name, Supplier<MeshInterceptor> interceptor) {
        OkHttpClient.Builder builder = client.newBuilder();
        try {
            builder.interceptors().add(0, interceptor.get());
        } catch (BeansException e) {
            if (!e.contains(BeanCurrentlyInCreationException.class)) {
                throw e;
            }
            LOG.warn("The mesh is made with the bean {}, whose calls therefore do not go through it", name);
            return client;
        }
        return builder.build();
    }

    /** Scopes such as refresh put the name of their proxy in front of the one behind it. */
    private static String plain(String name) {
        return name.startsWith(SCOPED_TARGET) ? name.substring(SCOPED_TARGET.length()) : name;
    }
}
