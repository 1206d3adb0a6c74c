package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The way to the mesh for a proxy, which passes on what others ask and answer. The URL alone says what host is called,
 * since a Host header may be that of the proxy's own caller; no redirect is followed; nothing is added to a request that
 * its caller did not send. Thread-safe.
 */
public final class ProxyTransport {
    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final String USER_AGENT = "User-Agent";

    private final MeshTransport transport;
    private final Map<Optional<Duration>, OkHttpClient> clients = new ConcurrentHashMap<>();

    /** Stands on a transport, which is not closed with this. */
    public ProxyTransport(MeshTransport transport) {
        this.transport = transport;
    }

    /** Whether the mesh routes calls to a URL at this moment. */
    public boolean knows(URI url) {
        return transport.knows(url, null);
    }

    /**
     * Sends a request when it is subscribed to. Whoever gets the answer reads its body or hands it to {@link #drop}.
     *
     * @param url of a host that the mesh knows
     * @param headers as they go out; Content-Length counts for a body, where it is missing the body is sent in chunks
     * @param body a Mono is kept in memory and can be sent again, anything else is streamed; null for none
     * @param connectTimeout null for that of the properties
     */
    public Mono<ClientHttpResponse> exchange(
            HttpMethod method,
            URI url,
            HttpHeaders headers,
            @Nullable Publisher<? extends DataBuffer> body,
            @Nullable Duration connectTimeout) {
        return Mono.defer(() -> {
            MeshReactiveRequest request = new MeshReactiveRequest(method, url);
            headers.forEach((name, values) -> request.getHeaders().addAll(name, values));
            Mono<Void> written = body == null ? request.setComplete() : request.writeWith(body);
            return written.then(Mono.defer(() -> ReactiveCall.send(client(connectTimeout), transport, request)));
        });
    }

    /** Ends an answer whose body nobody is going to read. No effect on one that is being read, or has been. */
    public static void drop(ClientHttpResponse answer) {
        Flux.from(answer.getBody())
                .subscribe(DataBufferUtils::release, alreadyEnded -> {})
                .dispose();
    }

    private OkHttpClient client(@Nullable Duration connectTimeout) {
        return clients.computeIfAbsent(Optional.ofNullable(connectTimeout), timeout -> {
            OkHttpClient.Builder builder = transport
                    .client(ClientSettings.of(timeout.orElse(null), null, Redirects.NONE))
                    .newBuilder()
                    .addNetworkInterceptor(ProxyTransport::withoutAdditions);
            // Before the mesh's.
            builder.interceptors().add(0, chain -> chain.proceed(CalledByUrl.request(chain.request())));
            return builder.build();
        });
    }

    /** OkHttp fills in what a caller leaves out. */
    private static Response withoutAdditions(Interceptor.Chain chain) throws IOException {
        Request given = chain.call().request();
        Request request = chain.request();
        Request.Builder outgoing = request.newBuilder();
        if (given.header(ACCEPT_ENCODING) == null && "gzip".equals(request.header(ACCEPT_ENCODING))) {
            outgoing.removeHeader(ACCEPT_ENCODING);
        }
        String agent = request.header(USER_AGENT);
        if (given.header(USER_AGENT) == null && agent != null && agent.startsWith("okhttp/")) {
            outgoing.removeHeader(USER_AGENT);
        }
        return chain.proceed(outgoing.build());
    }
}
