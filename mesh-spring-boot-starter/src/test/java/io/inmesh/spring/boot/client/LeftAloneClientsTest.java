package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.TestApplication;
import java.lang.reflect.Proxy;
import java.net.CookieManager;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Clients that only look as if the mesh could get in front of them. */
class LeftAloneClientsTest {

    private static ConfigurableApplicationContext application;
    private static MeshedClients clients;

    @BeforeAll
    static void start() {
        application = TestApplication.start("mesh.services.reviews.endpoints[0].address=127.0.0.1:1");
        clients = application.getBean(MeshedClients.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static void mock(RestTemplate template) {
        MockRestServiceServer.bindTo(template)
                .build()
                .expect(MockRestRequestMatchers.requestTo("http://reviews/old"))
                .andRespond(MockRestResponseCreators.withSuccess("mocked", null));
    }

    @Test
    void mockServersOfTestsAnswer() {
        RestTemplate mocked = new RestTemplate();
        mock(mocked);
        Object same = clients.postProcessAfterInitialization(mocked, "mocked");
        assertThat(same).isSameAs(mocked);
        assertThat(mocked.getForObject("http://reviews/old", String.class)).isEqualTo("mocked");

        RestTemplate meshed = new RestTemplate();
        Object unused = clients.postProcessAfterInitialization(meshed, "meshed");
        assertThat(meshed.getRequestFactory()).isInstanceOf(MeshClientHttpRequestFactory.class);
        mock(meshed);
        assertThat(meshed.getForObject("http://reviews/old", String.class)).isEqualTo("mocked");
    }

    @Test
    void webClientsThatAreNotSpringsOwnAreNotTouched() {
        WebClient untouchable = (WebClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebClient.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method + " was called");
                });

        Object same = clients.postProcessAfterInitialization(untouchable, "untouchable");

        assertThat(same == untouchable).isTrue();
        assertThat(application.getBean(ClientBeans.class).list())
                .filteredOn(bean -> bean.name().equals("untouchable"))
                .singleElement()
                .satisfies(bean -> assertThat(bean.meshed()).isFalse());
    }

    @Test
    void fieldsOfOtherPeoplesFactoriesAreNotReadAsSprings() {
        ClientHttpRequestFactory own = new ClientHttpRequestFactory() {
            @SuppressWarnings("unused")
            private final int readTimeout = 1;

            @Override
            public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
                throw new AssertionError("nobody calls it");
            }
        };

        assertThat(SpringSettings.of(own).readTimeout()).isNull();
    }

    @Test
    void whatOfALibrarysClientDoesNotHoldIsTold() {
        assertThat(remark(new RestTemplate(new JdkClientHttpRequestFactory(HttpClient.newHttpClient()))))
                .isNull();
        HttpClient own = HttpClient.newBuilder()
                .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", 1)))
                .cookieHandler(new CookieManager())
                .build();
        assertThat(remark(
                        new RestTemplate(new BufferingClientHttpRequestFactory(new JdkClientHttpRequestFactory(own)))))
                .isEqualTo(
                        "what its HTTP client was given (cookie handler, proxy) holds for hosts that the mesh does not"
                                + " know only");
        SimpleClientHttpRequestFactory simple = new SimpleClientHttpRequestFactory();
        assertThat(remark(new RestTemplate(simple))).isNull();
        simple.setProxy(new java.net.Proxy(java.net.Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 1)));
        assertThat(remark(new RestTemplate(simple))).startsWith("its proxy holds");
        assertThat(remark(WebClient.builder()
                        .clientConnector(new JdkClientHttpConnector(own))
                        .build()))
                .contains("proxy");
        assertThat(LibraryClients.unseen(new Object() {
                    @SuppressWarnings("unused")
                    private final Object httpClient = new StringBuilder();
                }))
                .contains("java.lang.StringBuilder", "credentials");
    }

    private static String remark(Object client) {
        Object unused = clients.postProcessAfterInitialization(client, "remarked");
        return application.getBean(ClientBeans.class).list().stream()
                .filter(bean -> bean.name().equals("remarked"))
                .findFirst()
                .orElseThrow()
                .remark();
    }
}
