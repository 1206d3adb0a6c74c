package io.inmesh.spring.boot.soak;

import static io.inmesh.spring.boot.soak.Disturbance.CANCEL;
import static io.inmesh.spring.boot.soak.Disturbance.INTERRUPT;
import static io.inmesh.spring.boot.soak.Disturbance.TIMEOUT;
import static io.inmesh.spring.boot.soak.Disturbance.UNCLOSED;

import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.okhttp.MeshOkHttp;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;

/** OkHttp as it is, with the mesh's interceptor. */
final class OkHttpClients {
    private OkHttpClients() {}

    private static OkHttpClient client(MeshInterceptor mesh, HandshakeCertificates trust) {
        return MeshOkHttp.builder(mesh)
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
    }

    private static Call newCall(OkHttpClient client, SoakCall call) {
        Request.Builder request = new Request.Builder().url(call.uri().toString());
        if (call.post()) {
            request.post(RequestBody.create(call.text().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        Call made = client.newCall(request.build());
        if (call.is(TIMEOUT)) {
            made.timeout().timeout(SoakCall.SHORT_MILLIS, TimeUnit.MILLISECONDS);
        }
        call.cancelBy(made::cancel);
        return made;
    }

    @SuppressWarnings("MustBeClosed")
    private static String text(SoakCall call, Response response) throws IOException {
        if (call.is(UNCLOSED)) {
            return call.text();
        }
        try (response) {
            return response.body().string();
        }
    }

    private static void close(OkHttpClient client) {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** {@code execute()}. */
    record Sync(OkHttpClient client) implements SoakClient {
        Sync(MeshInterceptor mesh, HandshakeCertificates trust) {
            this(OkHttpClients.client(mesh, trust));
        }

        @Override
        public String name() {
            return "OkHttp execute";
        }

        @Override
        public Set<Disturbance> knows() {
            return Set.of(CANCEL, INTERRUPT, TIMEOUT, UNCLOSED);
        }

        @Override
        public String call(SoakCall call) throws IOException {
            return text(call, newCall(client, call).execute());
        }

        @Override
        public void close() {
            OkHttpClients.close(client);
        }
    }

    /** {@code enqueue()}. */
    record Enqueued(OkHttpClient client) implements SoakClient {
        Enqueued(MeshInterceptor mesh, HandshakeCertificates trust) {
            this(OkHttpClients.client(mesh, trust));
        }

        @Override
        public String name() {
            return "OkHttp enqueue";
        }

        @Override
        public Set<Disturbance> knows() {
            return Set.of(CANCEL, TIMEOUT, UNCLOSED);
        }

        @Override
        public String call(SoakCall call) throws Exception {
            CompletableFuture<String> answer = new CompletableFuture<>();
            newCall(client, call).enqueue(new Callback() {
                @Override
                public void onFailure(Call made, IOException failure) {
                    answer.completeExceptionally(failure);
                }

                @Override
                public void onResponse(Call made, Response response) {
                    try {
                        answer.complete(text(call, response));
                    } catch (IOException e) {
                        answer.completeExceptionally(e);
                    }
                }
            });
            return answer.get(SoakCall.LONGEST_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            OkHttpClients.close(client);
        }
    }
}
