package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** Spring Cloud Gateway on WebFlux and Tomcat, which adds no header to a request of HTTP/2 to say that it has a body. */
class WebFluxOnTomcatTest extends GatewayContract {

    @BeforeAll
    static void start() {
        startUpstreams();
        gateway = Gateway.start(
                Application.class,
                WebApplicationType.REACTIVE,
                v1,
                v2,
                other,
                routes(
                        "webflux",
                        "--server.http2.enabled=true",
                        "--spring.autoconfigure.exclude=org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration"));
    }

    @AfterAll
    static void stop() {
        stopAll();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    /** A request of HTTP/2, which a connection speaks from its second request on. */
    private static HttpResponse<String> sendByHttp2(String method, String path, BodyPublisher body) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        client.send(gateway.request("/direct/first").build(), BodyHandlers.discarding());
        HttpRequest request = gateway.request(path).method(method, body).build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return answer;
    }

    private static BodyPublisher ofUnknownLength(String body) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofString(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plain/x", "/lb/x"})
    void aBodyOfUnknownLengthArrives(String path) throws Exception {
        for (String method : new String[] {"DELETE", "OPTIONS", "POST", "PUT"}) {
            assertThat(sendByHttp2(method, path, ofUnknownLength("a body")).body())
                    .isEqualTo("v1");

            assertThat(v1.last().method()).isEqualTo(method);
            assertThat(v1.last().body()).isEqualTo("a body");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "POST"})
    void whereThereIsNoBodyNoneIsSent(String method) throws Exception {
        assertThat(sendByHttp2(method, "/lb/x", BodyPublishers.noBody()).body()).isEqualTo("v1");

        assertThat(v1.last().method()).isEqualTo(method);
        assertThat(v1.last().header("Transfer-Encoding")).isNull();
    }

    @Test
    void aGetWithABodyGoesTheGatewaysWay() throws Exception {
        assertThat(sendByHttp2("GET", "/lb/x", ofUnknownLength("query")).body()).isIn("v1", "v2");

        Upstream.Seen seen = v1.last().path().equals("/x") ? v1.last() : v2.last();
        assertThat(seen.body()).isEqualTo("query");
        assertThat(seen.header(ATTEMPT_COUNT)).isNull();
    }
}
