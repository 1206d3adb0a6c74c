package io.inmesh.okhttp.spring;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshInterceptor;
import okhttp3.OkHttpClient;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Gives an application that has a {@link Mesh} bean the interceptor for its own OkHttp clients, and with {@code
 * mesh.clients.okhttp=true} puts it into those that are beans.
 */
@AutoConfiguration(afterName = "io.inmesh.spring.boot.MeshAutoConfiguration")
@ConditionalOnClass(OkHttpClient.class)
@ConditionalOnBean(Mesh.class)
public class MeshOkHttpAutoConfiguration {
    /** Makes the configuration. */
    public MeshOkHttpAutoConfiguration() {}

    /** Not called meshInterceptor, which the starter's own is. */
    @Bean
    @ConditionalOnMissingBean
    MeshInterceptor meshOkHttpInterceptor(Mesh mesh) {
        return new MeshInterceptor(mesh);
    }

    @Bean
    @ConditionalOnProperty(name = "mesh.clients.okhttp", havingValue = "true")
    static MeshedOkHttpClients meshedOkHttpClients(
            ObjectProvider<MeshInterceptor> interceptor, ListableBeanFactory beans, Environment environment) {
        return new MeshedOkHttpClients(interceptor, new ExcludedClients(beans, environment));
    }
}
