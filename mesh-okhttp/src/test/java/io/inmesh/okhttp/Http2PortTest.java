package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.Outcome;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ports are called by HTTP/2 without TLS, and what is said of a server that does not speak it. */
class Http2PortTest extends PortProtocolFixture {
    private static String policy(String connectionPool) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  trafficPolicy:
                    connectionPool: %s
                """.formatted(connectionPool);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP2", "GRPC", "GRPC-Web", "http2"})
    void isCalledByHttp2WhateverTheClientSpeaks(String protocol) throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client = client(service(protocol, "STATIC", endpoint(server)), "");

        for (int i = 0; i < 3; i++) {
            assertThat(get(client, URL)).isEqualTo("h2");
            RecordedRequest request = take(server);
            assertThat(request.getVersion()).isEqualTo("HTTP/2");
            assertThat(request.getHeaders().get(":authority")).isEqualTo("reviews:9080");
            assertThat(request.getHeaders().get(":scheme")).isEqualTo("http");
            assertThat(request.getConnectionIndex()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP", "TCP", ""})
    void otherPortsGetTheClientsProtocol(String protocol) throws Exception {
        MockWebServer server = backends.start("h1");
        OkHttpClient client = client(service(protocol, "STATIC", endpoint(server)), "");

        assertThat(get(client, URL)).isEqualTo("h1");
        assertThat(take(server).getVersion()).isEqualTo("HTTP/1.1");
    }

    @Test
    void useClientProtocolLeavesItToTheClient() throws Exception {
        MockWebServer server = backends.start("h1");
        OkHttpClient client =
                client(service("HTTP2", "STATIC", endpoint(server)), policy("{http: {useClientProtocol: true}}"));

        assertThat(get(client, URL)).isEqualTo("h1");
        assertThat(take(server).getVersion()).isEqualTo("HTTP/1.1");
    }

    @Test
    void anHttpPortIsUpgradedWhereThePolicySaysSo() throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client =
                client(service("HTTP", "STATIC", endpoint(server)), policy("{http: {h2UpgradePolicy: UPGRADE}}"));

        assertThat(get(client, URL)).isEqualTo("h2");
        assertThat(take(server).getVersion()).isEqualTo("HTTP/2");
    }

    @Test
    void aServiceWithoutEndpointsIsCalledByHttp2AtItsOwnAddress() throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client = client("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: local}
                spec:
                  hosts: [localhost]
                  resolution: NONE
                  ports: [{number: %d, name: grpc, protocol: GRPC}]
                """.formatted(server.getPort()), "");

        assertThat(get(client, "http://localhost:" + server.getPort() + "/")).isEqualTo("h2");
    }

    @Test
    void anEndpointThatCannotBeReachedIsPassedOver() throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client = client(service("GRPC", "STATIC", backends.nobody(), endpoint(server)), "");

        for (int i = 0; i < 10; i++) {
            assertThat(get(client, URL)).isEqualTo("h2");
        }
    }

    /** It is the proxy that speaks to the server. */
    @Test
    void aProxyIsSpokenToByHttp1() throws Exception {
        MockWebServer proxy = backends.start("proxied");
        OkHttpClient client = client(service("GRPC", "NONE").replace("  endpoints:\n", ""), "")
                .newBuilder()
                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", proxy.getPort())))
                .build();

        assertThat(get(client, URL)).isEqualTo("proxied");
        assertThat(take(proxy).getRequestLine())
                .startsWith("GET http://reviews:9080/")
                .endsWith("HTTP/1.1");
    }

    /** The target port is where the call goes, so a selector is asked about that. */
    @Test
    void aProxyIsChosenByTheTargetPort() throws Exception {
        MockWebServer proxy = backends.start("proxied");
        String entry = service("GRPC", "NONE")
                .replace("  endpoints:\n", "")
                .replace("number: 9080", "number: 9080, targetPort: 9081");
        OkHttpClient client = client(entry, "")
                .newBuilder()
                .proxySelector(new ProxySelector() {
                    @Override
                    public List<Proxy> select(URI uri) {
                        return List.of(
                                uri.getPort() == 9081
                                        ? new Proxy(
                                                Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", proxy.getPort()))
                                        : Proxy.NO_PROXY);
                    }

                    @Override
                    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                })
                .build();

        assertThat(get(client, URL)).isEqualTo("proxied");
        assertThat(take(proxy).getRequestLine()).endsWith("HTTP/1.1");
    }

    @Test
    void aWrappedInterceptorIsToldTheWayOut() throws IOException {
        MockWebServer server = http2("h2");
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", service("GRPC", "STATIC", endpoint(server))))
                .build());
        MeshInterceptor interceptor = new MeshInterceptor(mesh);
        OkHttpClient.Builder wrapped = backends.builder(interceptor);
        wrapped.interceptors().clear();
        OkHttpClient client =
                wrapped.addInterceptor(chain -> interceptor.intercept(chain)).build();
        if (!ChainLine.isOffered()) {
            assertThat(get(client, URL))
                    .as("an attempt has a client of its own anyway")
                    .isEqualTo("h2");
            return;
        }

        Throwable failure = catchThrowable(() -> get(client, URL));

        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(failure.getSuppressed())
                .anySatisfy(way -> assertThat(way)
                        .hasMessageContaining("HTTP/2 without TLS")
                        .hasMessageContaining("Protocol.H2_PRIOR_KNOWLEDGE"));

        server.close();
        assertThat(catchThrowable(() -> get(client, URL)).getSuppressed())
                .as("what was never connected has not failed for its protocol")
                .noneSatisfy(way -> assertThat(way).hasMessageContaining("HTTP/2 without TLS"));
    }

    @Test
    void aServerThatAnswersByHttp1IsToldAsSuch() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            // An answer that is there before the request is a closed connection to OkHttp.
            connection.readHttp2Request();
            connection.write("HTTP/1.1 400 Bad Request\nContent-Length: 0\nConnection: close\n\n");
            read.await(10, TimeUnit.SECONDS);
        }));
        OkHttpClient client = client(service("GRPC", "STATIC", server.endpoint()), "");

        Throwable failure = catchThrowable(() -> get(client, URL));
        read.countDown();

        // Where the answer overtakes the end of the request, OkHttp knows of a closed connection alone.
        assertThat(Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
                        .map(Throwable::getMessage))
                .anySatisfy(message ->
                        assertThat(message).contains("answered by HTTP/1.1").contains("useClientProtocol"));
        assertThat(observer.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isInstanceOf(Outcome.Failed.class));
    }
}
