package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** A port that speaks HTTP/2 without TLS, called by Spring's clients. */
class Http2PortClientsTest {
    private final MockWebServer server = new MockWebServer();
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() throws IOException {
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String body = request.getBody() == null ? "" : request.getBody().utf8();
                return new MockResponse.Builder()
                        .body(request.getVersion() + " " + body)
                        .build();
            }
        });
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        application = TestApplication.start("mesh.resources.reviews=" + """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 80, name: grpc, protocol: GRPC}]
                  endpoints: [{address: 127.0.0.1, ports: {grpc: %d}}]
                """.formatted(server.getPort()));
    }

    @AfterEach
    void stop() {
        application.close();
        server.close();
    }

    @Test
    void isCalledByHttp2() {
        RestClient client = application.getBean(RestClient.Builder.class).build();
        assertThat(client.post().uri("http://reviews/").body("rest").retrieve().body(String.class))
                .isEqualTo("HTTP/2 rest");

        assertThat(application
                        .getBean(RestTemplateBuilder.class)
                        .build()
                        .postForObject("http://reviews/", "template", String.class))
                .isEqualTo("HTTP/2 template");

        WebClient web = application.getBean(WebClient.Builder.class).build();
        assertThat(web.post()
                        .uri("http://reviews/")
                        .bodyValue("web")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block())
                .isEqualTo("HTTP/2 web");
    }
}
