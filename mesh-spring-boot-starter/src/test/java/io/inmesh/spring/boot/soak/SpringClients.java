package io.inmesh.spring.boot.soak;

import static io.inmesh.spring.boot.soak.Disturbance.CANCEL;
import static io.inmesh.spring.boot.soak.Disturbance.INTERRUPT;
import static io.inmesh.spring.boot.soak.Disturbance.TIMEOUT;
import static io.inmesh.spring.boot.soak.Disturbance.UNCLOSED;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Spring's clients, whoever has made them. */
final class SpringClients {
    private static final Duration SHORT = Duration.ofMillis(SoakCall.SHORT_MILLIS);

    private SpringClients() {}

    private static String await(SoakCall call, Mono<String> answer) throws Exception {
        if (call.is(INTERRUPT)) {
            return answer.block(Duration.ofSeconds(SoakCall.LONGEST_SECONDS));
        }
        CompletableFuture<String> future = (call.is(TIMEOUT) ? answer.timeout(SHORT) : answer).toFuture();
        call.cancelBy(() -> future.cancel(true));
        return future.get(SoakCall.LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    private static HttpMethod method(SoakCall call) {
        return call.post() ? HttpMethod.POST : HttpMethod.GET;
    }

    /** {@code RestClient}. */
    record Rest(String name, RestClient client, RestClient hasty) implements SoakClient {
        static Rest ofBeans(BeanFactory beans, String name, String client, String hasty) {
            return new Rest(name, beans.getBean(client, RestClient.class), beans.getBean(hasty, RestClient.class));
        }

        static Rest ofBuilders(BeanFactory beans, String name, String client, String hasty) {
            return new Rest(
                    name,
                    beans.getBean(client, RestClient.Builder.class).build(),
                    beans.getBean(hasty, RestClient.Builder.class).build());
        }

        /** As Spring Boot builds it. */
        static Rest from(BeanFactory beans) {
            HttpClientSettings settings =
                    beans.getBean(HttpClientSettings.class).withReadTimeout(SHORT);
            return new Rest(
                    "RestClient",
                    beans.getBean(RestClient.Builder.class).build(),
                    beans.getBean(RestClient.Builder.class)
                            .requestFactory(beans.getBean(ClientHttpRequestFactoryBuilder.class)
                                    .build(settings))
                            .build());
        }

        @Override
        public Set<Disturbance> knows() {
            return Set.of(INTERRUPT, TIMEOUT, UNCLOSED);
        }

        @Override
        public String call(SoakCall call) {
            RestClient.RequestBodySpec request =
                    (call.is(TIMEOUT) ? hasty : client).method(method(call)).uri(call.uri());
            if (call.post()) {
                request.body(call.text());
            }
            return call.is(UNCLOSED)
                    ? request.exchange((sent, response) -> call.text(), false)
                    : request.retrieve().body(String.class);
        }
    }

    /** {@code RestTemplate}. */
    record Template(String name, RestTemplate client, RestTemplate hasty) implements SoakClient {
        static Template ofBeans(BeanFactory beans, String name, String client, String hasty) {
            return new Template(
                    name, beans.getBean(client, RestTemplate.class), beans.getBean(hasty, RestTemplate.class));
        }

        /** As Spring Boot builds it. */
        static Template from(BeanFactory beans) {
            RestTemplateBuilder builder = beans.getBean(RestTemplateBuilder.class);
            return new Template(
                    "RestTemplate", builder.build(), builder.readTimeout(SHORT).build());
        }

        @Override
        public Set<Disturbance> knows() {
            return Set.of(INTERRUPT, TIMEOUT, UNCLOSED);
        }

        @Override
        public String call(SoakCall call) throws IOException {
            if (call.is(UNCLOSED)) {
                client.getRequestFactory()
                        .createRequest(call.uri(), HttpMethod.GET)
                        .execute();
                return call.text();
            }
            RestTemplate template = call.is(TIMEOUT) ? hasty : client;
            return call.post()
                    ? template.postForObject(call.uri(), call.text(), String.class)
                    : template.getForObject(call.uri(), String.class);
        }
    }

    /** An {@code @HttpExchange} interface. */
    interface Api {
        @GetExchange
        String get(URI uri);

        @PostExchange
        String post(URI uri, @RequestBody String body);
    }

    /** {@code @HttpExchange}. */
    record Exchange(Api api) implements SoakClient {
        @Override
        public String name() {
            return "@HttpExchange";
        }

        @Override
        public Set<Disturbance> knows() {
            return Set.of(INTERRUPT);
        }

        @Override
        public String call(SoakCall call) {
            return call.post() ? api.post(call.uri(), call.text()) : api.get(call.uri());
        }
    }

    /** An {@code @HttpExchange} interface over WebClient. */
    interface ReactiveApi {
        @GetExchange
        Mono<String> get(URI uri);

        @PostExchange
        Mono<String> post(URI uri, @RequestBody String body);

        @GetExchange
        Mono<ResponseEntity<Flux<DataBuffer>>> open(URI uri);
    }

    /** {@code @HttpExchange} over WebClient. */
    record ReactiveExchange(ReactiveApi api) implements SoakClient {
        @Override
        public String name() {
            return "@HttpExchange over WebClient";
        }

        @Override
        public Set<Disturbance> knows() {
            return Set.of(CANCEL, INTERRUPT, TIMEOUT, UNCLOSED);
        }

        @Override
        public String call(SoakCall call) throws Exception {
            Mono<String> answer = call.is(UNCLOSED)
                    ? api.open(call.uri()).map(dropped -> call.text())
                    : call.post() ? api.post(call.uri(), call.text()) : api.get(call.uri());
            return SpringClients.await(call, answer);
        }
    }

    /** {@code WebClient}. */
    record Web(String name, WebClient client) implements SoakClient {
        @Override
        public Set<Disturbance> knows() {
            return Set.of(CANCEL, INTERRUPT, TIMEOUT, UNCLOSED);
        }

        @Override
        public String call(SoakCall call) throws Exception {
            WebClient.RequestBodySpec request = client.method(method(call)).uri(call.uri());
            if (call.post()) {
                request.bodyValue(call.text());
            }
            Mono<String> answer = call.is(UNCLOSED)
                    ? request.retrieve().toEntityFlux(DataBuffer.class).map(dropped -> call.text())
                    : request.retrieve().bodyToMono(String.class);
            return await(call, answer);
        }
    }
}
