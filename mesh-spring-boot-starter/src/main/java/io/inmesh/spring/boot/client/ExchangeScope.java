package io.inmesh.spring.boot.client;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * All calls that one exchange of WebClient makes: more than one where a filter tries again. A filter that fails, or
 * throws an answer away, tells nobody below it. So when the exchange ends, the answers that it does not pass on and that
 * nobody reads are closed. Thread-safe.
 */
public final class ExchangeScope {
    private static final ExchangeFilterFunction FILTER = ExchangeScope::filter;

    private final Queue<ReactiveCall> answered = new ConcurrentLinkedQueue<>();
    private volatile boolean abandoned;

    private ExchangeScope() {}

    /** The outermost filter of a client. */
    private static Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        return Mono.defer(() -> {
            ExchangeScope scope = new ExchangeScope();
            return next.exchange(request)
                    .map(scope::passOn)
                    .switchIfEmpty(Mono.fromRunnable(scope::abandon))
                    .doOnError(error -> scope.abandon())
                    .doOnCancel(scope::abandon)
                    .doOnDiscard(ClientResponse.class, scope::discard)
                    .contextWrite(context -> context.put(ExchangeScope.class, scope));
        });
    }

    /** Puts the filter around those that a client has, once. */
    public static void around(List<ExchangeFilterFunction> filters) {
        remove(filters);
        filters.add(0, FILTER);
    }

    /** Takes the filter away from those that a client has. */
    static void remove(List<ExchangeFilterFunction> filters) {
        filters.remove(FILTER);
    }

    /** Puts the filter around others that are one already. */
    static ExchangeFilterFunction around(ExchangeFilterFunction filters) {
        return filters == FILTER ? filters : FILTER.andThen(filters);
    }

    /** Takes in a call that has been answered, where its exchange has a scope. */
    static void answered(ContextView context, ReactiveCall call) {
        ExchangeScope scope = context.getOrDefault(ExchangeScope.class, null);
        if (scope != null) {
            scope.answered.removeIf(ReactiveCall::hasEnded);
            scope.answered.add(call);
            // The end of the exchange may come at the same time, and a filter may keep it from the call.
            if (scope.abandoned) {
                call.abandon();
            }
        }
    }

    /** An answer that a filter has made out of others may still have to read them, until its own body has ended. */
    private ClientResponse passOn(ClientResponse response) {
        HttpHeaders headers = response.headers().asHttpHeaders();
        if (answered.stream().noneMatch(call -> call.handedOver(headers))) {
            return answered.isEmpty()
                    ? response
                    : response.mutate()
                            .body(body -> body.doFinally(end -> abandon()))
                            .build();
        }
        answered.stream().filter(call -> !call.handedOver(headers)).forEach(ReactiveCall::abandon);
        return response;
    }

    /** Some operators of filters that are cancelled with an answer in hand tell nobody else. */
    private void discard(ClientResponse response) {
        HttpHeaders headers = response.headers().asHttpHeaders();
        answered.stream().filter(call -> call.handedOver(headers)).forEach(ReactiveCall::abandon);
    }

    private void abandon() {
        abandoned = true;
        answered.forEach(ReactiveCall::abandon);
    }
}
