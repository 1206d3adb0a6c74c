package io.inmesh.spring.boot.client;

import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** The connector that Spring finds for a client which has none of its own, at the first request: some start threads. */
final class DetectedConnector implements ClientHttpConnector {
    private final Supplier<ClientHttpConnector> connector = SingletonSupplier.of(DetectedConnector::detect);

    ClientHttpConnector found() {
        return connector.get();
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        return found().connect(method, uri, requestCallback);
    }

    private static ClientHttpConnector detect() {
        if (Fields.call(WebClient.builder(), "initConnector") instanceof ClientHttpConnector found) {
            return found;
        }
        throw new IllegalStateException(
                "This version of Spring finds connectors in another way; give the WebClient one by"
                        + " WebClient.Builder.clientConnector");
    }
}
