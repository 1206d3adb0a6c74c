package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.HeaderField;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.Outcome;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects by the mesh and by servers, and what else OkHttp follows up. */
class RedirectTest {
    @RegisterExtension
    final Backends backends = new Backends();

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Test
    void aRedirectOfTheMeshIsFollowedThroughTheMesh() throws Exception {
        MockWebServer server = backends.start("arrived");
        ScriptedMesh mesh = new ScriptedMesh(head -> {
            seen.add(head.authority() + head.pathAndQuery());
            return head.pathAndQuery().equals("/old") ? redirect(301, "/new") : Plan.to(endpoint(server));
        });

        try (Response response = execute(backends.client(mesh), "http://reviews/old")) {
            assertThat(response.body().string()).isEqualTo("arrived");
            assertThat(response.request().url().toString()).isEqualTo("http://reviews/new");
            assertThat(response.priorResponse().code()).isEqualTo(301);
            assertThat(response.priorResponse().request().url().toString()).isEqualTo("http://reviews/old");
        }
        assertThat(seen).containsExactly("reviews/old", "reviews/new");
    }

    @Test
    void aRedirectOfTheMeshIsTheCallersWhenTheClientDoesNotFollow() throws Exception {
        ScriptedMesh mesh = new ScriptedMesh(head -> redirect(302, "http://other/"));
        OkHttpClient client = backends.builder(mesh).followRedirects(false).build();

        try (Response response = execute(client, "http://reviews/")) {
            assertThat(response.code()).isEqualTo(302);
            assertThat(response.message()).isEqualTo("Found");
            assertThat(response.header("Location")).isEqualTo("http://other/");
        }
    }

    @Test
    void aRedirectBetweenHttpAndHttpsIsFollowedOnlyWhenTheClientFollowsThose() throws Exception {
        ScriptedMesh mesh = new ScriptedMesh(head -> redirect(301, "https://reviews/"));
        OkHttpClient client = backends.builder(mesh).followSslRedirects(false).build();

        try (Response response = execute(client, "http://reviews/")) {
            assertThat(response.code()).isEqualTo(301);
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "mailto:someone@example.com"})
    void aRedirectToNowhereIsTheCallers(String location) throws Exception {
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.answering(new SyntheticResponse(
                302, location.isEmpty() ? List.of() : List.of(new HeaderField("location", location)), new byte[0])));

        try (Response response = execute(backends.client(mesh), "http://reviews/")) {
            assertThat(response.code()).isEqualTo(302);
        }
    }

    @Test
    void aRedirectToAnUnknownHostIsFollowedByOkHttpAlone() throws Exception {
        MockWebServer outside = backends.start("outside");
        ScriptedMesh mesh = new ScriptedMesh(head -> head.authority().equals("reviews")
                ? redirect(302, outside.url("/x").toString())
                : null);

        try (Response response = execute(backends.client(mesh), "http://reviews/")) {
            assertThat(response.body().string()).isEqualTo("outside");
            assertThat(response.priorResponse().code()).isEqualTo(302);
        }
    }

    @Test
    void redirectsBeyondTheMeshAreFollowedByOkHttp() throws Exception {
        MockWebServer last = backends.start("far out");
        MockWebServer outside = redirecting(302, last.url("/end").toString());
        MockWebServer inside = redirecting(302, outside.url("/x").toString());
        ScriptedMesh mesh =
                new ScriptedMesh(head -> head.authority().equals("reviews") ? Plan.to(endpoint(inside)) : null);

        try (Response response = execute(backends.client(mesh), "http://reviews/")) {
            assertThat(response.body().string()).isEqualTo("far out");
        }
    }

    @Test
    void aServersRedirectIsFollowedThroughTheMesh() throws Exception {
        MockWebServer reviews = redirecting(302, "http://ratings:9080/stars?x=1");
        MockWebServer ratings = backends.start("stars");
        ScriptedMesh mesh = new ScriptedMesh(head -> {
            seen.add(head.authority() + head.pathAndQuery());
            return Plan.to(endpoint(head.authority().equals("reviews") ? reviews : ratings));
        });

        try (Response response = execute(backends.client(mesh), "http://reviews/")) {
            assertThat(response.body().string()).isEqualTo("stars");
            assertThat(response.priorResponse().code()).isEqualTo(302);
        }
        assertThat(seen).containsExactly("reviews/", "ratings:9080/stars?x=1");
        assertThat(take(ratings).getHeaders().get("Host")).isEqualTo("ratings:9080");
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(302), new Outcome.Responded(200));
    }

    @Test
    void aServersRedirectToItselfIsRoutedAnew() throws Exception {
        MockWebServer one = redirecting(302, "/next");
        MockWebServer two = backends.start("two");
        ScriptedMesh mesh =
                new ScriptedMesh(head -> Plan.to(endpoint(head.pathAndQuery().equals("/next") ? two : one)));
        OkHttpClient client = backends.client(mesh);

        for (int i = 0; i < 3; i++) {
            try (Response response = execute(client, "http://reviews/first")) {
                assertThat(response.body().string()).isEqualTo("two");
            }
        }
        assertThat(one.getRequestCount()).isEqualTo(3);
        assertThat(two.getRequestCount()).isEqualTo(3);
    }

    @Test
    void aRelativeRedirectIsRelativeToTheCallersUrlNotTheRewrittenOne() throws Exception {
        MockWebServer server = backends.start("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return request.getTarget().equals("/rewritten/a")
                        ? new MockResponse.Builder()
                                .code(302)
                                .addHeader("Location", "b")
                                .build()
                        : new MockResponse.Builder().body(request.getTarget()).build();
            }
        });
        ScriptedMesh mesh = new ScriptedMesh(
                head -> Plan.to(endpoint(server)).path(head.pathAndQuery().replace("/original/", "/rewritten/")));

        try (Response response = execute(backends.client(mesh), "http://reviews/original/a")) {
            assertThat(response.request().url().encodedPath()).isEqualTo("/original/b");
            assertThat(response.body().string()).isEqualTo("/rewritten/b");
        }
    }

    @Test
    void aServersRedirectIsTheCallersWithItsBodyWhenTheClientDoesNotFollow() throws Exception {
        MockWebServer server = redirecting(302, "/next");
        OkHttpClient client = backends.builder(new ScriptedMesh(head -> Plan.to(endpoint(server))))
                .followRedirects(false)
                .build();

        try (Response response = execute(client, "http://reviews/")) {
            assertThat(response.code()).isEqualTo(302);
            assertThat(response.body().string()).isEqualTo("over there");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, 301, GET, ''",
        "POST, 302, GET, ''",
        "POST, 303, GET, ''",
        "POST, 307, POST, body",
        "POST, 308, POST, body",
        "PUT, 303, GET, ''",
        "GET, 307, GET, ''",
        "HEAD, 302, HEAD, ''",
        "PROPFIND, 302, PROPFIND, body",
    })
    void methodAndBodyAfterARedirectAreAsOkHttpHasThem(String method, int status, String next, String body)
            throws Exception {
        for (boolean byServer : new boolean[] {true, false}) {
            MockWebServer first = redirecting(status, "/next");
            MockWebServer second = backends.start("end");
            ScriptedMesh mesh = new ScriptedMesh(head -> {
                if (head.pathAndQuery().equals("/next")) {
                    return Plan.to(endpoint(second));
                }
                return byServer ? Plan.to(endpoint(first)) : redirect(status, "/next");
            });
            Request request = new Request.Builder()
                    .url("http://reviews/")
                    .method(
                            method,
                            method.equals("GET") || method.equals("HEAD")
                                    ? null
                                    : RequestBody.create("body", MediaType.get("text/plain")))
                    .build();

            backends.client(mesh).newCall(request).execute().close();

            RecordedRequest sent = take(second);
            assertThat(sent.getMethod()).isEqualTo(next);
            assertThat(sent.getBody() == null ? "" : sent.getBody().utf8()).isEqualTo(body);
            assertThat(sent.getHeaders().get("Content-Type") != null).isEqualTo(!body.isEmpty());
        }
    }

    @Test
    void aOneShotBodyIsNotSentToWhereARedirectPoints() throws Exception {
        MockWebServer server = redirecting(307, "/next");
        RequestBody body = new RequestBody() {
            @Override
            public MediaType contentType() {
                return null;
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("once");
            }
        };
        Request request =
                new Request.Builder().url("http://reviews/").post(body).build();

        try (Response response = backends.client(new ScriptedMesh(head -> Plan.to(endpoint(server))))
                .newCall(request)
                .execute()) {
            assertThat(response.code()).isEqualTo(307);
            assertThat(response.body().string()).isEqualTo("over there");
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void credentialsAndHostStayBehindWhenARedirectChangesTheHost() throws Exception {
        MockWebServer server = backends.start("end");
        ScriptedMesh mesh = new ScriptedMesh(head -> head.authority().equals("alias")
                ? redirect(302, head.pathAndQuery().equals("/here") ? "/there" : "http://ratings/")
                : Plan.to(endpoint(server)));
        Request request = new Request.Builder()
                .url("http://reviews/here")
                .header("Host", "alias")
                .header("Authorization", "secret")
                .build();

        backends.client(mesh).newCall(request).execute().close();

        RecordedRequest sent = take(server);
        assertThat(sent.getHeaders().get("Host")).isEqualTo("ratings");
        assertThat(sent.getHeaders().get("Authorization")).isNull();
    }

    @Test
    void redirectsEndAfterTwenty() throws Exception {
        ScriptedMesh mesh = new ScriptedMesh(head -> {
            seen.add(head.pathAndQuery());
            return redirect(302, head.pathAndQuery() + "x");
        });

        assertThatThrownBy(
                        () -> execute(backends.client(mesh), "http://reviews/").close())
                .isInstanceOf(ProtocolException.class)
                .hasMessage("Too many follow-up requests: 21");
        assertThat(seen).hasSize(21);
    }

    @Test
    void anAuthenticatorStillAnswersAChallenge() throws Exception {
        MockWebServer server = backends.start("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                boolean known = "secret".equals(request.getHeaders().get("Authorization"));
                return new MockResponse.Builder()
                        .code(known ? 200 : 401)
                        .body(request.getBody() == null ? "" : request.getBody().utf8())
                        .build();
            }
        });
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        OkHttpClient client = backends.builder(mesh)
                .authenticator((route, response) -> response.request()
                        .newBuilder()
                        .header("Authorization", "secret")
                        .build())
                .build();
        Request request = new Request.Builder()
                .url("http://reviews/")
                .post(RequestBody.create("body", MediaType.get("text/plain")))
                .build();

        try (Response response = client.newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.body().string()).isEqualTo("body");
        }
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void nothingIsSentAgainWhenTheServerIsUnavailableAndSaysToTryAtOnce(String method) throws Exception {
        MockWebServer server = backends.start("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .code(503)
                        .addHeader("Retry-After", "0")
                        .body("busy")
                        .build();
            }
        });
        Request request = new Request.Builder()
                .url("http://reviews/")
                .method(method, method.equals("GET") ? null : RequestBody.create("body", MediaType.get("text/plain")))
                .build();

        try (Response response = backends.client(new ScriptedMesh(head -> Plan.to(endpoint(server))))
                .newCall(request)
                .execute()) {
            assertThat(response.code()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isEqualTo("0");
            assertThat(response.body().string()).isEqualTo("busy");
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    private MockWebServer redirecting(int status, String location) {
        MockWebServer server = backends.start("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .code(status)
                        .addHeader("Location", location)
                        .body("over there")
                        .build();
            }
        });
        return server;
    }

    private static Plan redirect(int status, String location) {
        return Plan.answering(
                new SyntheticResponse(status, List.of(new HeaderField("location", location)), new byte[0]));
    }

    private static Response execute(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }
}
