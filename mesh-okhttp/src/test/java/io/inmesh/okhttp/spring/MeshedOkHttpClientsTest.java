package io.inmesh.okhttp.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.MapPropertySource;

/** Real contexts of the oldest Spring that is promised. */
class MeshedOkHttpClientsTest {
    private static final Map<String, Object> ON = Map.of("mesh.clients.okhttp", "true", "mesh.clients.exclude", "raw*");

    private static AnnotationConfigApplicationContext context(Map<String, Object> properties, Class<?>... more) {
        return context(false, properties, more);
    }

    private static AnnotationConfigApplicationContext context(
            boolean circles, Map<String, Object> properties, Class<?>... more) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.setAllowCircularReferences(circles);
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
        context.register(more);
        context.register(MeshOkHttpAutoConfiguration.class);
        context.refresh();
        return context;
    }

    private static List<Interceptor> interceptors(AnnotationConfigApplicationContext context, String name) {
        return context.getBean(name, OkHttpClient.class).interceptors();
    }

    @Test
    void thePropertyPutsTheInterceptorFirstAndKeepsTheRest() {
        try (var context = context(ON, Application.class)) {
            MeshInterceptor interceptor = context.getBean(MeshInterceptor.class);

            assertThat(interceptors(context, "orders")).containsExactly(interceptor, Application.LOGGING);
            assertThat(context.getBean("orders", OkHttpClient.class).readTimeoutMillis())
                    .isEqualTo(7_000);
            assertThat(interceptors(context, "each")).containsExactly(interceptor);
            assertThat(context.getBean("each")).isNotSameAs(context.getBean("each"));
        }
    }

    @Test
    void aClientThatHasItIsTheSameObject() {
        try (var context = context(ON, Application.class)) {
            assertThat(context.getBean("meshedByHand")).isSameAs(context.getBean(Application.class).meshed);
        }
    }

    @Test
    void excludedNamesAndSubclassesStay() {
        try (var context = context(ON, Application.class)) {
            assertThat(interceptors(context, "rawOrders")).isEmpty();
            assertThat(context.getBean("own")).isInstanceOf(OwnClient.class);
        }
    }

    @Test
    void anExcludedClientThatIsBuiltFromAMeshedOneGoesItsOwnWay() {
        try (var context = context(ON, Application.class)) {
            assertThat(interceptors(context, "rawCopy")).containsExactly(Application.LOGGING);
            assertThat(interceptors(context, "orders")).hasSize(2);
        }
    }

    @Test
    void withoutThePropertyThereIsTheInterceptorAlone() {
        try (var context = context(Map.of(), Application.class)) {
            assertThat(interceptors(context, "orders")).containsExactly(Application.LOGGING);
            assertThat(context.getBeansOfType(MeshInterceptor.class)).containsOnlyKeys("meshOkHttpInterceptor");
        }
    }

    @Test
    void anotherInterceptorBeanIsTheOnlyOne() {
        try (var context = context(ON, Application.class, OwnInterceptor.class)) {
            MeshInterceptor interceptor = context.getBean("meshInterceptor", MeshInterceptor.class);

            assertThat(context.getBeansOfType(MeshInterceptor.class)).hasSize(1);
            assertThat(interceptors(context, "orders").get(0)).isSameAs(interceptor);
        }
    }

    @Test
    void noBeanIsMadeBeforeItIsAskedFor() {
        try (var context = context(ON, LazyApplication.class)) {
            LazyApplication application = context.getBean(LazyApplication.class);
            assertThat(application.made).isEmpty();

            context.getBean("orders");
            assertThat(application.made).containsExactly("orders", "mesh");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatTheMeshIsMadeWithStaysAndTheContextStarts(boolean circles) {
        try (var context = context(circles, ON, MeshOverClient.class)) {
            assertThat(interceptors(context, "rules")).isEmpty();
            assertThat(interceptors(context, "orders")).hasSize(1);
        }
    }

    @Test
    void withoutAMeshThereIsNothing() {
        try (var context = context(ON, OwnClient.Alone.class)) {
            assertThat(interceptors(context, "orders")).isEmpty();
            assertThat(context.getBeansOfType(MeshInterceptor.class)).isEmpty();
        }
    }

    @Configuration
    static class Application {
        static final Interceptor LOGGING = chain -> chain.proceed(chain.request());

        OkHttpClient meshed = new OkHttpClient();

        @Bean
        Mesh mesh() {
            return Mesh.builder().build();
        }

        @Bean
        OkHttpClient orders() {
            return new OkHttpClient.Builder()
                    .addInterceptor(LOGGING)
                    .readTimeout(7, TimeUnit.SECONDS)
                    .build();
        }

        @Bean
        @Scope(BeanDefinition.SCOPE_PROTOTYPE)
        OkHttpClient each() {
            return new OkHttpClient();
        }

        @Bean
        OkHttpClient rawOrders() {
            return new OkHttpClient();
        }

        @Bean
        OkHttpClient rawCopy(@Qualifier("orders") OkHttpClient orders) {
            return orders.newBuilder().build();
        }

        @Bean
        OkHttpClient own() {
            return new OwnClient();
        }

        @Bean
        OkHttpClient meshedByHand(MeshInterceptor interceptor) {
            meshed = new OkHttpClient.Builder().addInterceptor(interceptor).build();
            return meshed;
        }
    }

    static class OwnClient extends OkHttpClient {
        @Configuration
        static class Alone {
            @Bean
            OkHttpClient orders() {
                return new OkHttpClient();
            }
        }
    }

    @Configuration
    static class OwnInterceptor {
        @Bean
        MeshInterceptor meshInterceptor(Mesh mesh) {
            return new MeshInterceptor(mesh);
        }
    }

    @Configuration
    @Lazy
    static class LazyApplication {
        final List<String> made = new ArrayList<>();

        @Bean
        @Lazy
        Mesh mesh() {
            made.add("mesh");
            return Mesh.builder().build();
        }

        @Bean
        @Lazy
        OkHttpClient orders() {
            made.add("orders");
            return new OkHttpClient();
        }

        /** Made later than the post processor is registered, so lazy here too. */
        @Bean
        @Lazy
        MeshInterceptor meshInterceptor(Mesh mesh) {
            return new MeshInterceptor(mesh);
        }
    }

    @Configuration
    static class MeshOverClient {
        @Bean
        OkHttpClient rules() {
            return new OkHttpClient();
        }

        @Bean
        Mesh mesh(OkHttpClient rules) {
            assertThat(rules).isNotNull();
            return Mesh.builder().build();
        }

        @Bean
        OkHttpClient orders(Mesh mesh) {
            assertThat(mesh).isNotNull();
            return new OkHttpClient();
        }
    }
}
