package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** Rules in YAML, a whole mesh, real sockets: where calls go and what is sent. */
class RulesEndToEndTest extends MeshFixture {
    @Test
    void whyTellsRoutesInTheOrderOfTheRule() {
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", service(backends.nobody()) + rule("""
                        http:
                        - name: first
                          match: [{uri: {prefix: /first}}]
                          route: [{destination: {host: reviews}}]
                        - name: second
                          match: [{sourceLabels: {app: other}}]
                          route: [{destination: {host: reviews}}]
                        - name: third
                          route: [{destination: {host: reviews}}]
                        """)))
                .build());

        assertThat(mesh.explain("GET", URL, java.util.Map.of()).why())
                .filteredOn(reason -> reason.startsWith("route "))
                .extracting(reason -> reason.substring(6, reason.indexOf(" at ")))
                .containsExactly("first", "second", "third");
    }

    /** Any token of RFC 9110 names a header, in matches as in edits. */
    @Test
    void headersWithDotsAndMarksInTheirNamesAreMatchedAndSet() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{headers: {x.y: {exact: a}}}, {headers: {"b!#$%&'*+-.^_`|~9": {prefix: c}}}]
                  headers: {request: {set: {z.w: d, 'not sent': e}}, response: {set: {u.v: f, 'nor (this)': g}}}
                  route: [{destination: {host: reviews, subset: v2}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);

        assertThat(get(client, URL)).isEqualTo("v1");
        assertThat(get(client, request().header("b!#$%&'*+-.^_`|~9", "cc"))).isEqualTo("v2");
        try (Response response =
                client.newCall(request().header("X.Y", "a").build()).execute()) {
            assertThat(response.body().string()).isEqualTo("v2");
            assertThat(response.headers("u.v")).containsExactly("f");
            assertThat(response.headers().names()).doesNotContain("nor (this)");
        }
    }

    @Test
    void weightsShareOutTheCalls() throws Exception {
        OkHttpClient client = versions("""
                http:
                - route:
                  - {destination: {host: reviews, subset: v1}, weight: 80}
                  - {destination: {host: reviews, subset: v2}, weight: 20}
                """);

        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            seen.merge(get(client, URL), 1, Integer::sum);
        }

        // Five standard deviations of a binomial distribution to either side.
        assertThat(seen.get("v2")).isBetween(200 - 64, 200 + 64);
        assertThat(seen.get("v1") + seen.get("v2")).isEqualTo(1000);
        assertThat(client.connectionPool().connectionCount()).isEqualTo(2);
        assertThat(observer.attempts()).hasSize(1000);
        assertThat(observer.calls()).hasSize(1000).allMatch(call -> call.status() == 200 && call.flag() == null);
    }

    @Test
    void commandsInHeadersTellOfTheCall() throws Exception {
        MockWebServer server = backends.start("v1");
        OkHttpClient client = client(service(Backends.endpoint(server)), rule("""
                http:
                - name: told
                  fault: {delay: {fixedDelay: 20ms, percentage: {value: 100}}}
                  headers:
                    request: {set: {x-start: "t=%START_TIME(%s.%3f)%", x-from: "%ROUTE_NAME% of %REQ(:authority)%"}}
                    response: {set: {x-start: "t=%START_TIME(%s.%3f)%", x-length: "%RESP(content-length)% bytes"}}
                  route: [{destination: {host: reviews}}]
                """));

        try (Response response = client.newCall(request().build()).execute()) {
            RecordedRequest sent = take(server);
            assertThat(sent.getHeaders().get("x-start")).matches("t=[0-9]{10}[.][0-9]{3}");
            // The call's beginning, and not when either message is edited.
            assertThat(response.header("x-start")).isEqualTo(sent.getHeaders().get("x-start"));
            assertThat(sent.getHeaders().get("x-from")).isEqualTo("told of reviews:9080");
            assertThat(response.header("x-length")).isEqualTo("2 bytes");
        }
    }

    @Test
    void headersChooseTheVersion() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{headers: {end-user: {exact: jason}}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);

        assertThat(get(client, URL)).isEqualTo("v1");
        assertThat(get(client, request().header("End-User", "jason"))).isEqualTo("v2");
        assertThat(get(client, request().header("end-user", "Jason"))).isEqualTo("v1");
    }

    @Test
    void aCookieOfTheClientsJarChoosesTheVersion() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{headers: {cookie: {regex: "^(.*?;)?(user=jason)(;.*)?$"}}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);
        CookieJar jar = new CookieJar() {
            @Override
            public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

            @Override
            public List<Cookie> loadForRequest(HttpUrl url) {
                return List.of(new Cookie.Builder()
                        .name("user")
                        .value("jason")
                        .domain("reviews")
                        .build());
            }
        };

        assertThat(get(client, URL)).isEqualTo("v1");
        assertThat(get(client.newBuilder().cookieJar(jar).build(), URL)).isEqualTo("v2");
    }

    @Test
    void requestsAndResponsesAreRewritten() throws Exception {
        MockWebServer server = backends.start("v1");
        OkHttpClient client = client(service(Backends.endpoint(server)), rule("""
                http:
                - match: [{uri: {prefix: /old}}]
                  rewrite: {uri: /new//x, authority: other.example}
                  headers:
                    request: {set: {x-set: "1"}, add: {x-add: b}, remove: [x-gone]}
                    response: {set: {x-answer: "1"}, remove: [Content-Type]}
                  route: [{destination: {host: reviews}}]
                """));

        try (Response response = client.newCall(new Request.Builder()
                        .url("http://reviews:9080/old/a%2fb;c?q=%20")
                        .header("x-gone", "1")
                        .header("x-add", "a")
                        .build())
                .execute()) {
            assertThat(response.header("x-answer")).isEqualTo("1");
            assertThat(response.request().url().encodedPath()).isEqualTo("/old/a%2fb;c");
        }

        RecordedRequest sent = take(server);
        assertThat(sent.getTarget()).isEqualTo("/new//x/a%2fb;c?q=%20");
        assertThat(sent.getHeaders().get("Host")).isEqualTo("other.example");
        assertThat(sent.getHeaders().get("x-set")).isEqualTo("1");
        assertThat(sent.getHeaders().values("x-add")).containsExactly("a", "b");
        assertThat(sent.getHeaders().get("x-gone")).isNull();
    }

    @Test
    void aRedirectIsFollowedWhenTheClientFollows() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{uri: {exact: /old}}]
                  redirect: {uri: /new}
                - route: [{destination: {host: reviews, subset: v1}}]
                """);

        try (Response response = execute(client, "http://reviews:9080/old")) {
            assertThat(response.body().string()).isEqualTo("v1");
            assertThat(response.request().url().toString()).isEqualTo("http://reviews:9080/new");
            assertThat(response.priorResponse().code()).isEqualTo(301);
        }
        try (Response response =
                execute(client.newBuilder().followRedirects(false).build(), "http://reviews:9080/old")) {
            assertThat(response.code()).isEqualTo(301);
            assertThat(response.header("Location")).isEqualTo("http://reviews:9080/new");
        }
    }

    @Test
    void aDirectResponseAndAnInjectedAbortAreRealAnswers() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{uri: {exact: /direct}}]
                  directResponse: {status: 418, body: {string: short and stout}}
                - fault: {abort: {httpStatus: 555, percentage: {value: 100}}}
                  route: [{destination: {host: reviews, subset: v1}}]
                """);

        try (Response response = execute(client, "http://reviews:9080/direct")) {
            assertThat(response.code()).isEqualTo(418);
            assertThat(response.body().string()).isEqualTo("short and stout");
        }
        try (Response response = execute(client, URL)) {
            assertThat(response.code()).isEqualTo(555);
        }
        assertThat(observer.attempts()).isEmpty();
    }

    @Test
    void unknownHostsAreCalledAsBeforeUnlessOnlyKnownOnesMayBe() throws Exception {
        MockWebServer server = backends.start("outside");
        String outside = server.url("/").toString();

        assertThat(get(client(service(), ""), outside)).isEqualTo("outside");

        Mesh strict = leaks.watch(Mesh.builder()
                .outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)
                .config(TextConfigSource.of("rules", service()))
                .build());
        OkHttpClient client = backends.builder(new MeshInterceptor(strict)).build();
        assertFlag(ResponseFlag.BLOCKED, () -> get(client, outside));
    }

    @Test
    void aClosedMeshLetsCallsThrough() throws Exception {
        MockWebServer server = backends.start("direct");
        Mesh mesh = leaks.watch(Mesh.builder()
                .outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)
                .config(TextConfigSource.of("rules", service()))
                .build());
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh)).build();
        mesh.close();

        assertThat(get(client, server.url("/").toString())).isEqualTo("direct");
    }

    @Test
    void aServiceWithoutEndpointsOfItsOwnIsCalledAtItsAddress() throws Exception {
        MockWebServer server = backends.start("original");
        OkHttpClient client = client("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: external}
                spec:
                  hosts: [external.test]
                  resolution: NONE
                  ports: [{number: %d, name: http, protocol: HTTP}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: external}
                spec:
                  hosts: [external.test]
                  http:
                  - headers: {request: {set: {x-mesh: "1"}}}
                    route: [{destination: {host: external.test}}]
                """.formatted(server.getPort()), "");

        OkHttpClient resolving = client.newBuilder()
                .dns(host -> List.of(InetAddress.getByName("127.0.0.1")))
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(get(resolving, "http://external.test:" + server.getPort() + "/"))
                    .isEqualTo("original");
            RecordedRequest sent = take(server);
            assertThat(sent.getHeaders().get("x-mesh")).isEqualTo("1");
            assertThat(sent.getConnectionIndex()).isZero();
        }
    }

    @Test
    void httpsCallsKeepTheirNameWhateverTheEndpoint() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("secure.test")
                .build();
        HandshakeCertificates serving =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        List<MockWebServer> servers = new ArrayList<>();
        StringBuilder endpoints = new StringBuilder();
        for (String name : List.of("one", "two")) {
            MockWebServer server = backends.prepare(name, Protocol.HTTP_2, Protocol.HTTP_1_1);
            server.useHttps(serving.sslSocketFactory());
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            servers.add(server);
            endpoints.append("  - {address: 127.0.0.1, ports: {https: %d}}\n".formatted(server.getPort()));
        }
        OkHttpClient client = client("""
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: secure}
                        spec:
                          hosts: [secure.test]
                          resolution: STATIC
                          ports: [{number: 443, name: https, protocol: HTTPS}]
                          endpoints:
                        """ + endpoints, """
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        metadata: {name: secure}
                        spec:
                          host: secure.test
                          trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                        """)
                .newBuilder()
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .build();

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(get(client, "https://secure.test/"));
        }

        assertThat(answers).containsOnly("one", "two");
        for (MockWebServer server : servers) {
            for (int i = 0; i < 3; i++) {
                RecordedRequest request = take(server);
                assertThat(request.getHandshakeServerNames()).containsExactly("secure.test");
                assertThat(request.getConnectionIndex()).isZero();
                assertThat(request.getVersion()).isEqualTo("HTTP/2");
            }
        }
    }
}
