package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers that the mesh gives by itself. */
class MeshAnswerTest {
    @RegisterExtension
    final Backends backends = new Backends();

    @Test
    void anAnswerOfTheMeshIsARealResponse() throws Exception {
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.answering(new SyntheticResponse(
                503,
                List.of(new HeaderField("content-type", "text/plain"), new HeaderField("x-mesh", "1")),
                "down for repair".getBytes(StandardCharsets.UTF_8))));
        Request request = new Request.Builder().url("http://reviews/x").build();

        try (Response response = backends.client(mesh).newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(503);
            assertThat(response.message()).isEqualTo("Service Unavailable");
            assertThat(response.protocol()).isEqualTo(Protocol.HTTP_1_1);
            assertThat(response.request()).isSameAs(request);
            assertThat(response.header("x-mesh")).isEqualTo("1");
            assertThat(response.body().contentType()).isEqualTo(MediaType.get("text/plain"));
            assertThat(response.body().contentLength()).isEqualTo(15);
            assertThat(response.sentRequestAtMillis()).isEqualTo(Backends.NOW.toEpochMilli());
            assertThat(response.receivedResponseAtMillis()).isEqualTo(Backends.NOW.toEpochMilli());
            assertThat(response.body().string()).isEqualTo("down for repair");
        }
    }

    @Test
    void aStatusThatNobodyKnowsHasNoMessage() throws Exception {
        ScriptedMesh mesh =
                new ScriptedMesh(head -> Plan.answering(new SyntheticResponse(555, List.of(), new byte[0])));

        try (Response response = execute(backends.client(mesh), "http://details/")) {
            assertThat(response.code()).isEqualTo(555);
            assertThat(response.message()).isEmpty();
            assertThat(response.body().string()).isEmpty();
        }
    }

    @Test
    void anAnswerToHeadHasNoBody() throws Exception {
        ScriptedMesh mesh =
                new ScriptedMesh(head -> Plan.answering(new SyntheticResponse(200, List.of(), new byte[] {1, 2, 3})));
        Request request = new Request.Builder().url("http://reviews/").head().build();

        try (Response response = backends.client(mesh).newCall(request).execute()) {
            assertThat(response.body().bytes()).isEmpty();
        }
    }

    private static Response execute(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }
}
