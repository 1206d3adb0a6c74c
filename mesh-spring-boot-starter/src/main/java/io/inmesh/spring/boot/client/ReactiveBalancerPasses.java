package io.inmesh.spring.boot.client;

import java.util.List;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** The same as {@link BalancerPasses} for WebClient. Thread-safe. */
final class ReactiveBalancerPasses {
    private final BalancerPasses passes;

    /** Makes the passes, in the same places as those of blocking clients. */
    ReactiveBalancerPasses(BalancerPasses passes) {
        this.passes = passes;
    }

    /**
     * For a builder that may have been given its load balancer just now.
     *
     * @return whether there was one
     */
    boolean around(WebClient.Builder builder) {
        boolean[] found = new boolean[1];
        if (Fields.read(builder, "connector") instanceof MeshClientHttpConnector) {
            builder.filters(filters -> {
                found[0] = filters.stream().anyMatch(passes::isBalancer);
                filters.replaceAll(this::around);
            });
        }
        return found[0];
    }

    /** Lets the load balancer of a client that is left alone decide again. */
    static void takeBack(List<ExchangeFilterFunction> filters) {
        filters.replaceAll(filter -> filter instanceof Pass pass ? pass.balancer() : filter);
    }

    private ExchangeFilterFunction around(ExchangeFilterFunction filter) {
        return passes.isBalancer(filter) ? new Pass(filter, passes) : filter;
    }

    /** In the place of a load balancer. */
    private record Pass(ExchangeFilterFunction balancer, BalancerPasses passes) implements ExchangeFilterFunction {
        @Override
        public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
            return passes.passes(request.url(), request.headers())
                    ? next.exchange(request)
                    : balancer.filter(request, next);
        }
    }
}
