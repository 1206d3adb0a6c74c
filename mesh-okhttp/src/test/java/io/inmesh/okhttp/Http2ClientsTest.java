package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.net.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockWebServer;
import okhttp3.Authenticator;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.internal.connection.RealCall;
import org.junit.jupiter.api.Test;

class Http2ClientsTest extends MeshFixture {
    /** Clients that made attempts, in order. */
    private final List<OkHttpClient> used = new ArrayList<>();

    /** What interceptors after the mesh's saw. */
    private final List<Interceptor.Chain> seen = new ArrayList<>();

    private OkHttpClient.Builder builder(MockWebServer... servers) {
        List<MockWebServer> all = List.of(servers);
        return backends.builder(new ScriptedMesh(head ->
                        Plan.to(endpoint(all.get(used.size() % all.size()))).http2()))
                .addInterceptor(chain -> {
                    used.add(((RealCall) chain.call()).getClient());
                    seen.add(chain);
                    return chain.proceed(chain.request());
                });
    }

    private MockWebServer http2(String name) {
        return backends.start(name, "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
    }

    @Test
    void oneClientMakesTheAttemptsOfAClientToWhateverEndpoint() throws Exception {
        OkHttpClient client = builder(http2("a"), http2("b")).build();

        assertThat(get(client, URL)).isEqualTo("a");
        assertThat(get(client, URL)).isEqualTo("b");
        assertThat(get(client, URL)).isEqualTo("a");

        assertThat(used).hasSize(3).containsOnly(used.get(0)).doesNotContain(client);
    }

    @Test
    void anotherClientHasAnotherOneWithItsOwnSettings() throws Exception {
        OkHttpClient client = builder(http2("a")).build();
        OkHttpClient patient =
                client.newBuilder().readTimeout(77, TimeUnit.SECONDS).build();

        assertThat(get(client, URL)).isEqualTo("a");
        assertThat(get(patient, URL)).isEqualTo("a");
        assertThat(get(client, URL)).isEqualTo("a");

        assertThat(used.get(1)).isNotSameAs(used.get(0));
        assertThat(used.get(2)).isSameAs(used.get(0));
        assertThat(seen.get(0).readTimeoutMillis()).isEqualTo(client.readTimeoutMillis());
        assertThat(seen.get(1).readTimeoutMillis()).isEqualTo(77_000);
    }

    @Test
    void whatAnInterceptorBeforeTheMeshSetsHoldsForItsCallOnly() throws Exception {
        OkHttpClient.Builder builder = builder(http2("a"));
        CookieJar jar = new NoCookies();
        Authenticator authenticator = (route, response) -> null;
        boolean[] sets = {true};
        builder.interceptors()
                .add(
                        0,
                        chain -> (sets[0]
                                        ? chain.withConnectTimeout(11, TimeUnit.SECONDS)
                                                .withReadTimeout(12, TimeUnit.SECONDS)
                                                .withWriteTimeout(13, TimeUnit.SECONDS)
                                                .withCookieJar(jar)
                                                .withAuthenticator(authenticator)
                                                .withProxyAuthenticator(authenticator)
                                        : chain)
                                .proceed(chain.request()));
        OkHttpClient client = builder.build();

        assertThat(get(client, URL)).isEqualTo("a");
        sets[0] = false;
        assertThat(get(client, URL)).isEqualTo("a");

        assertThat(used).hasSize(2).containsOnly(used.get(0));
        assertThat(seen.get(0).connectTimeoutMillis()).isEqualTo(11_000);
        assertThat(seen.get(0).readTimeoutMillis()).isEqualTo(12_000);
        assertThat(seen.get(0).writeTimeoutMillis()).isEqualTo(13_000);
        assertThat(seen.get(0).getCookieJar()).isSameAs(jar);
        assertThat(seen.get(0).getAuthenticator()).isSameAs(authenticator);
        assertThat(seen.get(0).getProxyAuthenticator()).isSameAs(authenticator);
        assertThat(seen.get(0).getProxy()).isEqualTo(Proxy.NO_PROXY);
        assertThat(seen.get(1).connectTimeoutMillis()).isEqualTo(client.connectTimeoutMillis());
        assertThat(seen.get(1).readTimeoutMillis()).isEqualTo(client.readTimeoutMillis());
        assertThat(seen.get(1).writeTimeoutMillis()).isEqualTo(client.writeTimeoutMillis());
        assertThat(seen.get(1).getCookieJar()).isSameAs(client.cookieJar());
        assertThat(seen.get(1).getAuthenticator()).isSameAs(client.authenticator());
        assertThat(seen.get(1).getProxyAuthenticator()).isSameAs(client.proxyAuthenticator());
    }

    private static final class NoCookies implements CookieJar {
        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            // None is kept.
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return List.of();
        }
    }
}
