package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/** What is set for one Spring client holds on its way through the mesh. */
class ClientSettingsTest {

    private Backend backend;
    private ConfigurableApplicationContext application;
    private final MockWebServer secure = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        backend = Backend.named("v1");
        secure.start(InetAddress.getByName("127.0.0.1"), 0);
        application = TestApplication.start(
                "mesh.services.reviews.endpoints[0].address=" + backend.address(),
                "mesh.services.secure.port=443",
                "mesh.services.secure.endpoints[0].address=127.0.0.1:" + secure.getPort());
    }

    @AfterEach
    void stop() {
        application.close();
        backend.close();
        secure.close();
    }

    private RestClient restClient(@Nullable HttpClientSettings settings) {
        ClientHttpRequestFactoryBuilder<?> builder = application.getBean(ClientHttpRequestFactoryBuilder.class);
        return RestClient.builder().requestFactory(builder.build(settings)).build();
    }

    private WebClient webClient(@Nullable HttpClientSettings settings) {
        ClientHttpConnectorBuilder<?> builder = application.getBean(ClientHttpConnectorBuilder.class);
        return WebClient.builder().clientConnector(builder.build(settings)).build();
    }

    @Test
    void withoutSettingsCallsWork() {
        assertThat(restClient(null).get().uri("http://reviews/x").retrieve().body(String.class))
                .isEqualTo("v1");
        assertThat(webClient(null)
                        .get()
                        .uri("http://reviews/x")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(10)))
                .isEqualTo("v1");
    }

    @Test
    void theReadTimeoutHolds() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        backend.handle(exchange -> {
            try {
                assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            backend.answer(exchange, 200, "late");
        });
        HttpClientSettings settings = HttpClientSettings.defaults().withReadTimeout(Duration.ofMillis(200));

        assertThatExceptionOfType(ResourceAccessException.class)
                .isThrownBy(() -> restClient(settings)
                        .get()
                        .uri("http://reviews/x")
                        .retrieve()
                        .body(String.class))
                .withCauseInstanceOf(SocketTimeoutException.class);
        assertThatExceptionOfType(WebClientRequestException.class)
                .isThrownBy(() -> webClient(settings)
                        .get()
                        .uri("http://reviews/x")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(10)))
                .withCauseInstanceOf(SocketTimeoutException.class);
        done.countDown();
    }

    @Test
    void redirectsAreFollowedThroughTheMeshUnlessSaidOtherwise() {
        backend.handle(exchange -> {
            boolean moved = exchange.getRequestURI().getPath().equals("/old");
            if (moved) {
                exchange.getResponseHeaders().set("Location", "http://reviews/new");
            }
            backend.answer(exchange, moved ? 302 : 200, "here");
        });

        assertThat(restClient(null).get().uri("http://reviews/old").retrieve().body(String.class))
                .isEqualTo("here");
        assertThat(backend.seen()).extracting(Backend.Seen::path).containsExactly("/old", "/new");
        assertThat(restClient(HttpClientSettings.defaults().withRedirects(HttpRedirects.DONT_FOLLOW))
                        .get()
                        .uri("http://reviews/old")
                        .retrieve()
                        .toBodilessEntity()
                        .getStatusCode())
                .isEqualTo(HttpStatus.FOUND);
    }

    /** Lets the server speak TLS; settings that trust it. */
    private HttpClientSettings trusting() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("secure")
                .build();
        secure.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("secure", certificate.certificate());
        return HttpClientSettings.ofSslBundle(SslBundle.of(SslStoreBundle.of(null, null, trusted)));
    }

    static Stream<Arguments> followers() {
        return Stream.of(
                Arguments.of(ClientHttpRequestFactoryBuilder.jdk(), false, true),
                Arguments.of(
                        ClientHttpRequestFactoryBuilder.jdk()
                                .withHttpClientCustomizer(client -> client.followRedirects(HttpClient.Redirect.ALWAYS)),
                        true,
                        true),
                Arguments.of(ClientHttpRequestFactoryBuilder.simple(), false, false));
    }

    @ParameterizedTest
    @MethodSource("followers")
    void aRedirectToTheOtherSchemeIsFollowedWhereTheClientsOwnLibraryWould(
            ClientHttpRequestFactoryBuilder<?> own, boolean toHttp, boolean toHttps) throws Exception {
        HttpClientSettings settings = trusting();
        secure.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return request.getUrl().encodedPath().equals("/old")
                        ? new MockResponse(302, Headers.of("Location", "http://reviews/new"), "moved")
                        : new MockResponse(200, Headers.of(), "secret");
            }
        });
        backend.handle(exchange -> {
            boolean moved = exchange.getRequestURI().getPath().equals("/old");
            exchange.getResponseHeaders().set("Location", "https://secure/new");
            backend.answer(exchange, moved ? 302 : 200, "plain");
        });
        RestClient client =
                RestClient.builder().requestFactory(meshed(own).build(settings)).build();

        assertThat(status(client, "https://secure/old")).isEqualTo(toHttp ? HttpStatus.OK : HttpStatus.FOUND);
        assertThat(status(client, "http://reviews/old")).isEqualTo(toHttps ? HttpStatus.OK : HttpStatus.FOUND);
    }

    /** As the starter does to the application's builder. */
    private ClientHttpRequestFactoryBuilder<?> meshed(ClientHttpRequestFactoryBuilder<?> own) {
        return (ClientHttpRequestFactoryBuilder<?>) application
                .getBean("meshRequestFactoryBuilderWrapper", BeanWrapper.class)
                .postProcessAfterInitialization(own, "own");
    }

    private static HttpStatusCode status(RestClient client, String url) {
        return client.get().uri(url).retrieve().toBodilessEntity().getStatusCode();
    }

    @Test
    void aReactiveClientFollowsNoRedirectFromHttpsToHttp() throws Exception {
        HttpClientSettings settings = trusting();
        secure.enqueue(new MockResponse(302, Headers.of("Location", "http://reviews/new"), "moved"));

        assertThat(webClient(settings)
                        .get()
                        .uri("https://secure/old")
                        .retrieve()
                        .toBodilessEntity()
                        .map(ResponseEntity::getStatusCode)
                        .block(Duration.ofSeconds(20)))
                .isEqualTo(HttpStatus.FOUND);
    }

    @Test
    void theSslBundleDecidesWhomToTrustAndTheLogicalHostIsChecked() throws Exception {
        HttpClientSettings settings = trusting();
        secure.enqueue(new MockResponse.Builder().body("secret").build());
        secure.enqueue(new MockResponse.Builder().body("secret").build());

        assertThat(restClient(settings).get().uri("https://secure/x").retrieve().body(String.class))
                .isEqualTo("secret");
        assertThat(webClient(settings)
                        .get()
                        .uri("https://secure/x")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(10)))
                .isEqualTo("secret");
        assertThatExceptionOfType(ResourceAccessException.class)
                .isThrownBy(() -> restClient(null)
                        .get()
                        .uri("https://secure/x")
                        .retrieve()
                        .body(String.class))
                .satisfies(
                        failure -> assertThat(failure).hasStackTraceContaining(SSLHandshakeException.class.getName()));
    }

    @Test
    @SuppressWarnings("unchecked")
    void customizersReachTheBuilderThatTheyAreWrittenFor() {
        AtomicInteger customized = new AtomicInteger();
        ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> builder =
                application.getBean(ClientHttpRequestFactoryBuilder.class);

        builder.withCustomizer(factory -> {
                    assertThat(factory).isInstanceOf(JdkClientHttpRequestFactory.class);
                    customized.incrementAndGet();
                })
                .build();

        assertThat(customized).hasValue(1);
    }
}
