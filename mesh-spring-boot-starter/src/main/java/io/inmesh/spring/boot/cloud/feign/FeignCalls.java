package io.inmesh.spring.boot.cloud.feign;

import feign.Request;
import feign.Response;
import io.inmesh.spring.boot.client.ClientSettings;
import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import io.inmesh.spring.boot.client.MeshClientHttpRequestFactory;
import io.inmesh.spring.boot.client.MeshTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/** Feign's requests as requests of Spring's, which the mesh sends. Thread-safe. */
final class FeignCalls {
    /** Options are few, unless a method takes them as a parameter. */
    private static final int KEPT_FACTORIES = 64;

    private final Supplier<@Nullable MeshTransport> transport;
    private final Map<Timeouts, MeshClientHttpRequestFactory> factories = new ConcurrentHashMap<>();

    FeignCalls(Supplier<@Nullable MeshTransport> transport) {
        this.transport = transport;
    }

    /** What the options of a request say. */
    private record Timeouts(int connectMillis, int readMillis, boolean followRedirects) {
        static Timeouts of(Request.Options options) {
            return new Timeouts(
                    options.connectTimeoutMillis(), options.readTimeoutMillis(), options.isFollowRedirects());
        }

        ClientSettings settings() {
            return ClientSettings.of(
                    Duration.ofMillis(connectMillis),
                    Duration.ofMillis(readMillis),
                    followRedirects ? Redirects.SECURE : Redirects.NONE);
        }
    }

    /** Says that a host is not known to the mesh. */
    private static final class UnknownHost extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /**
     * Sends a request.
     *
     * @return null where the mesh does not know the host; then nothing was sent
     */
    @Nullable
    Response send(Request request, URI uri, Request.Options options) throws IOException {
        ClientHttpRequest call = factory(options)
                .createRequest(uri, HttpMethod.valueOf(request.httpMethod().name()));
        FeignMessages.write(request, call);
        ClientHttpResponse answer;
        try {
            answer = call.execute();
        } catch (UnknownHost unknown) {
            return null;
        }
        try {
            return FeignMessages.response(request, answer);
        } catch (IOException | RuntimeException unreadable) {
            answer.close();
            throw unreadable;
        }
    }

    private MeshClientHttpRequestFactory factory(Request.Options options) {
        if (factories.size() > KEPT_FACTORIES) {
            factories.clear();
        }
        return factories.computeIfAbsent(
                Timeouts.of(options),
                timeouts -> new MeshClientHttpRequestFactory(transport, timeouts::settings, (uri, method) -> {
                    throw new UnknownHost();
                }));
    }
}
