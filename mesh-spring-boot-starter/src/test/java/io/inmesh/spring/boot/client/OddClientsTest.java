package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.AnyClient;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Clients that nobody expects: the application starts with them, and their calls work. */
class OddClientsTest {

    private static Backend backend;
    private static ConfigurableApplicationContext application;
    private static MeshedClients clients;

    @BeforeAll
    static void start() {
        backend = Backend.named("v1");
        application = TestApplication.start(
                "mesh.services.reviews.endpoints[0].address=" + backend.address(), "mesh.clients.exclude=counted");
        clients = application.getBean(MeshedClients.class);
    }

    @AfterAll
    static void stop() {
        application.close();
        backend.close();
    }

    private static final class Gone {}

    /** Of a library with an optional part. */
    static final class WithoutItsPart extends SimpleClientHttpRequestFactory {
        @Nullable
        Gone part;

        @Nullable
        Gone part() {
            return part;
        }
    }

    private static ClientHttpRequestFactory withoutItsPart() {
        ClassLoader loader = new ClassLoader(OddClientsTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.equals(Gone.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                return name.equals(WithoutItsPart.class.getName()) ? define(name) : super.loadClass(name, resolve);
            }

            private Class<?> define(String name) throws ClassNotFoundException {
                try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (Exception e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        try {
            Constructor<?> constructor =
                    loader.loadClass(WithoutItsPart.class.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (ClientHttpRequestFactory) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<ClientHttpRequestFactory> factories() {
        JdkClientHttpRequestFactory patient = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                .build());
        patient.setReadTimeout(Duration.ofDays(365));
        JdkClientHttpRequestFactory negative = new JdkClientHttpRequestFactory();
        negative.setReadTimeout(Duration.ofSeconds(-1));
        SimpleClientHttpRequestFactory longest = new SimpleClientHttpRequestFactory();
        longest.setReadTimeout(Integer.MAX_VALUE);
        longest.setConnectTimeout(Integer.MAX_VALUE);
        return Stream.of(patient, negative, longest, new JdkClientHttpRequestFactory(new Mute()), withoutItsPart());
    }

    @ParameterizedTest
    @MethodSource("factories")
    void callsByAnyFactoryWork(ClientHttpRequestFactory factory) {
        Object template = clients.postProcessAfterInitialization(new RestTemplate(factory), "template");
        Object client = clients.postProcessAfterInitialization(
                RestClient.builder().requestFactory(factory).build(), "client");

        assertThat(AnyClient.get(template, "http://reviews/x", "anybody")).isEqualTo("v1");
        assertThat(AnyClient.get(client, "http://reviews/x", "anybody")).isEqualTo("v1");
    }

    @Test
    void aTimeoutThatIsNotZeroNeverBecomesNoLimit() {
        JdkClientHttpRequestFactory hasty = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(Duration.ofNanos(1)).build());

        assertThat(SpringSettings.of(hasty).connectTimeout()).isEqualTo(Duration.ofMillis(1));
    }

    /** Somebody's WebClient around another. */
    private record DecoratedWebClient(WebClient builder) implements WebClient {
        @Override
        public RequestHeadersUriSpec<?> get() {
            return builder.get();
        }

        @Override
        public RequestHeadersUriSpec<?> head() {
            return builder.head();
        }

        @Override
        public RequestBodyUriSpec post() {
            return builder.post();
        }

        @Override
        public RequestBodyUriSpec put() {
            return builder.put();
        }

        @Override
        public RequestBodyUriSpec patch() {
            return builder.patch();
        }

        @Override
        public RequestHeadersUriSpec<?> delete() {
            return builder.delete();
        }

        @Override
        public RequestHeadersUriSpec<?> options() {
            return builder.options();
        }

        @Override
        public RequestBodyUriSpec method(HttpMethod method) {
            return builder.method(method);
        }

        @Override
        public Builder mutate() {
            return builder.mutate();
        }
    }

    /** Somebody's RestClient around another. */
    private record DecoratedRestClient(ClientHttpRequestFactory clientRequestFactory, RestClient client)
            implements RestClient {
        @Override
        public RequestHeadersUriSpec<?> get() {
            return client.get();
        }

        @Override
        public RequestHeadersUriSpec<?> head() {
            return client.head();
        }

        @Override
        public RequestBodyUriSpec post() {
            return client.post();
        }

        @Override
        public RequestBodyUriSpec put() {
            return client.put();
        }

        @Override
        public RequestBodyUriSpec patch() {
            return client.patch();
        }

        @Override
        public RequestHeadersUriSpec<?> delete() {
            return client.delete();
        }

        @Override
        public RequestHeadersUriSpec<?> options() {
            return client.options();
        }

        @Override
        public RequestBodyUriSpec method(HttpMethod method) {
            return client.method(method);
        }

        @Override
        public Builder mutate() {
            return client.mutate();
        }
    }

    @Test
    void nothingComesInThePlaceOfADecoratorWithFieldsThatAreCalledAsSprings() {
        for (Object own : List.of(
                new DecoratedWebClient(WebClient.create()),
                new DecoratedRestClient(new SimpleClientHttpRequestFactory(), RestClient.create()))) {
            assertThat(clients.postProcessAfterInitialization(own, "decorated")).isSameAs(own);
        }
        assertThat(application.getBean(ClientBeans.class).list())
                .filteredOn(bean -> bean.name().equals("decorated"))
                .singleElement()
                .satisfies(bean -> assertThat(bean.leftAlone()).contains("cannot be read"));
    }

    @Test
    void noMethodOfAnExcludedMockIsCalled() {
        AtomicInteger calls = new AtomicInteger();
        RestTemplate mock = new RestTemplate() {
            @Override
            public List<ClientHttpRequestInterceptor> getInterceptors() {
                calls.incrementAndGet();
                return super.getInterceptors();
            }
        };
        ReflectionTestUtils.setField(mock, "requestFactory", null);

        assertThat(clients.postProcessAfterInitialization(mock, "counted")).isSameAs(mock);
        assertThat(calls).hasValue(0);
    }

    /** Tells nothing about itself. */
    private static final class Mute extends HttpClient {
        private static UnsupportedOperationException none() {
            return new UnsupportedOperationException("says nothing");
        }

        @Override
        public Optional<CookieHandler> cookieHandler() {
            throw none();
        }

        @Override
        public Optional<Duration> connectTimeout() {
            throw none();
        }

        @Override
        public Redirect followRedirects() {
            throw none();
        }

        @Override
        public Optional<ProxySelector> proxy() {
            throw none();
        }

        @Override
        public SSLContext sslContext() {
            throw none();
        }

        @Override
        public SSLParameters sslParameters() {
            throw none();
        }

        @Override
        public Optional<Authenticator> authenticator() {
            throw none();
        }

        @Override
        public Version version() {
            throw none();
        }

        @Override
        public Optional<Executor> executor() {
            return Optional.empty();
        }

        @Override
        public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            throw none();
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            throw none();
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request,
                HttpResponse.BodyHandler<T> handler,
                HttpResponse.@Nullable PushPromiseHandler<T> push) {
            throw none();
        }
    }
}
