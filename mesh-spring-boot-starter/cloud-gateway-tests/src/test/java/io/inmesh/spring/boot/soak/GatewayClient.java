package io.inmesh.spring.boot.soak;

import static io.inmesh.spring.boot.soak.Disturbance.CANCEL;
import static io.inmesh.spring.boot.soak.Disturbance.INTERRUPT;
import static io.inmesh.spring.boot.soak.Disturbance.TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Calls services through a gateway; whatever cuts a call closes the connection to the gateway.
 *
 * @param base to which the name of a service is added
 */
record GatewayClient(String name, String base, OkHttpClient client) implements SoakClient {
    private static final int FIRST_REDIRECT = 300;
    private static final int FIRST_ERROR = 400;

    GatewayClient(String name, String base) {
        this(name, base, new OkHttpClient.Builder().followRedirects(false).build());
    }

    @Override
    public Set<Disturbance> knows() {
        return Set.of(CANCEL, INTERRUPT, TIMEOUT);
    }

    @Override
    public String call(SoakCall call) throws IOException {
        return answer(call, call.uri());
    }

    private String answer(SoakCall call, URI uri) throws IOException {
        try (Response response = newCall(call, uri).execute()) {
            String location = response.header("Location");
            if (response.code() >= FIRST_REDIRECT && response.code() < FIRST_ERROR && location != null) {
                // The gateway's caller is the one who follows, and it has to ask the gateway.
                return answer(call, uri.resolve(location));
            }
            String body = response.body().string();
            if (response.code() >= FIRST_ERROR) {
                throw new IOException(response.code() + " " + body);
            }
            return body;
        }
    }

    private Call newCall(SoakCall call, URI uri) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        Request.Builder request = new Request.Builder().url(base + uri.getHost() + uri.getRawPath() + query);
        if (call.post()) {
            request.post(RequestBody.create(call.text().getBytes(UTF_8)));
        }
        Call made = client.newCall(request.build());
        if (call.is(TIMEOUT)) {
            made.timeout().timeout(SoakCall.SHORT_MILLIS, TimeUnit.MILLISECONDS);
        }
        call.cancelBy(made::cancel);
        return made;
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
