package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.TestApplication;
import java.lang.reflect.Proxy;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
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
}
