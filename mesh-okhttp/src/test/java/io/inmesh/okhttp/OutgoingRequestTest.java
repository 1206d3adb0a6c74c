package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.net.ProtocolException;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.CookieJar;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire when a rule changes path or headers. */
class OutgoingRequestTest {
    @RegisterExtension
    final Backends backends = new Backends();

    @Test
    void anotherSchemeKeepsThePortAndTheHost() throws Exception {
        Request request = new Request.Builder().url("http://reviews/a").build();
        OkHttpRequestHead head = new OkHttpRequestHead(request, CookieJar.NO_COOKIES);
        Attempt attempt = Attempt.builder(1, head).scheme("https").build();

        Request outgoing = OutgoingRequest.of(request, head, attempt, AttemptTrace.ofOtherCalls(), null);

        assertThat(outgoing.url()).hasToString("https://reviews:80/a");
        assertThat(outgoing.header("Host")).isEqualTo("reviews");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//bar",
                "/a//b",
                "/a;v=1/b",
                "/a%2fb",
                "/a%2Fb",
                "/a%20b",
                "/a+b",
                "/%e2%82%ac",
                "/%E2%82%AC",
                "/a%5Cb",
                "/a%00b",
                "/100%",
                "/%zz",
                "/a:b@c!$&'()*,=~",
                "/p?",
                "/p?q",
                "/p?q=",
                "/p?q=a%20b+c&d",
                "/p?a=1?b=2",
                "/p?a=/../b",
                "/p?%E2%82%AC=%e2%82%ac",
            })
    void aPathIsSentByteForByte(String path) throws Exception {
        assertThat(sentFor(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../b, /b",
        "/a/%2e%2e/b, /b",
        "/a/./b, /a/b",
        "/a\\b, /a/b",
        "/a b, /a%20b",
        "/€, /%E2%82%AC",
        "/a#b, /a%23b",
        "/a|b{c}, /a%7Cb%7Bc%7D",
        "/p?a b, /p?a%20b",
        "/p?a'b, /p?a%27b",
        "no-slash, /no-slash",
    })
    void whatNoUrlMayHoldIsSentAsOkHttpWritesIt(String path, String sent) throws Exception {
        assertThat(sentFor(path)).isEqualTo(sent);
    }

    private String sentFor(String path) throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(
                new ScriptedMesh(head -> Plan.to(endpoint(server)).path(path)));
        get(client, "http://reviews/some/other");
        return take(server).getTarget();
    }

    @Test
    void headersOfTheAttemptReplaceAllButThoseOfTheConnection() throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(new ScriptedMesh(head -> Plan.to(endpoint(server))
                .headers(
                        new HeaderField("x-added", "1"),
                        new HeaderField("x-added", "2"),
                        new HeaderField("x-latin", "caf\u00e9"),
                        new HeaderField("user-agent", "mesh"),
                        new HeaderField("host", "evil"),
                        new HeaderField("connection", "x-added"),
                        new HeaderField("content-length", "999"),
                        new HeaderField("transfer-encoding", "chunked"),
                        new HeaderField(":path", "/evil"))));

        Request request = new Request.Builder()
                .url("http://reviews/")
                .header("x-gone", "1")
                .header("Connection", "close")
                .build();
        client.newCall(request).execute().close();

        RecordedRequest sent = take(server);
        assertThat(sent.getHeaders().values("x-added")).containsExactly("1", "2");
        assertThat(sent.getHeaders().get("x-gone")).isNull();
        assertThat(sent.getHeaders().get("user-agent")).isEqualTo("mesh");
        assertThat(sent.getHeaders().values("host")).containsExactly("reviews");
        assertThat(sent.getHeaders().values("connection")).containsExactly("close");
        assertThat(sent.getHeaders().get("content-length")).isNull();
        assertThat(sent.getHeaders().get("transfer-encoding")).isNull();
        assertThat(sent.getTarget()).isEqualTo("/");
    }

    @Test
    void aRuleMayChangeTheContentTypeOfABody() throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(new ScriptedMesh(
                head -> Plan.to(endpoint(server)).headers(new HeaderField("Content-Type", "application/x-changed"))));

        Request request = new Request.Builder()
                .url("http://reviews/")
                .post(RequestBody.create("{}", MediaType.get("application/json")))
                .build();
        client.newCall(request).execute().close();

        RecordedRequest sent = take(server);
        assertThat(sent.getHeaders().values("content-type")).containsExactly("application/x-changed");
        assertThat(sent.getHeaders().values("content-length")).containsExactly("2");
        assertThat(sent.getBody().utf8()).isEqualTo("{}");
    }

    @Test
    void aHeaderThatCannotBeSentIsAClearFailure() {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(
                new ScriptedMesh(head -> Plan.to(endpoint(server)).headers(new HeaderField("x-bad", "line\nbreak"))));

        assertThatThrownBy(() -> get(client, "http://reviews/"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("x-bad");
    }

    private static Response execute(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        try (Response response = execute(client, url)) {
            return response.body().string();
        }
    }
}
