package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.okhttp.ScriptedMesh.Plan;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** The header that tells a server which attempt of a call it gets. */
class AttemptNumberTest extends PortProtocolFixture {
    @Test
    void everyAttemptCarriesItsNumber() throws Exception {
        MockWebServer server = backends.start("ok");
        OkHttpClient client = backends.builder(new ScriptedMesh(head -> Plan.to(backends.nobody(), endpoint(server))))
                .build();

        get(client, request().header("X-Envoy-Attempt-Count", "7"));

        assertThat(take(server).getHeaders().values("x-envoy-attempt-count")).containsExactly("2");
    }

    @Test
    void theFirstAttemptIsNumberOneAndAnUnknownHostGetsNone() throws Exception {
        MockWebServer server = backends.start("ok");
        OkHttpClient client = client(service("HTTP", "STATIC", endpoint(server)), "");

        get(client, URL);
        assertThat(take(server).getHeaders().values("x-envoy-attempt-count")).containsExactly("1");

        get(client, "http://127.0.0.1:" + server.getPort() + "/");
        assertThat(take(server).getHeaders().values("x-envoy-attempt-count")).isEmpty();
    }
}
