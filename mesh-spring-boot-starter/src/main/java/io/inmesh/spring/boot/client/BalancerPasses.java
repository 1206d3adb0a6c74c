package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.support.HttpAccessor;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * Lets requests to hosts that the mesh knows pass by a client's load balancer, Spring Cloud's: they reach the mesh under
 * their name, and the whole of its rules holds for them. Requests to all other hosts go through the load balancer as ever.
 * Clients that the mesh does not stand in front of stay as they are. Thread-safe.
 */
public final class BalancerPasses {
    private static final String HOME = "org.springframework.cloud.client.loadbalancer.";
    private static final List<String> BALANCERS = List.of(
            HOME + "BlockingLoadBalancerInterceptor",
            HOME + "LoadBalancerInterceptor",
            HOME + "RetryLoadBalancerInterceptor",
            HOME + "DeferringLoadBalancerInterceptor",
            HOME + "reactive.LoadBalancedExchangeFilterFunction",
            HOME + "reactive.DeferringLoadBalancerExchangeFilterFunction");

    private final Supplier<@Nullable MeshTransport> transport;
    private final BalancerDecisions decisions;
    private final List<Class<?>> balancers;

    /**
     * Makes the passes.
     *
     * @param transport asked at each request; null while there is none, when nothing passes
     */
    BalancerPasses(
            Supplier<@Nullable MeshTransport> transport, BalancerDecisions decisions, @Nullable ClassLoader loader) {
        this.transport = transport;
        this.decisions = decisions;
        this.balancers = BALANCERS.stream().flatMap(name -> find(name, loader)).toList();
    }

    private static Stream<Class<?>> find(String name, @Nullable ClassLoader loader) {
        return ClassUtils.isPresent(name, loader) ? Stream.of(ClassUtils.resolveClassName(name, loader)) : Stream.of();
    }

    /** Whether an interceptor or filter chooses an instance and calls it by its address. */
    boolean isBalancer(Object link) {
        return balancers.stream().anyMatch(type -> type.isInstance(link));
    }

    /** Whether a request passes by. */
    boolean passes(URI uri, HttpHeaders headers) {
        MeshTransport current = transport.get();
        boolean mesh = current != null && current.knows(uri, HostHeader.of(headers));
        decisions.add(uri, mesh);
        return mesh;
    }

    /** For a client that may have been given its load balancer just now. */
    public void around(RestTemplate template) {
        List<ClientHttpRequestInterceptor> interceptors = template.getInterceptors();
        if (interceptors.stream().anyMatch(this::isBalancer)
                && isMeshed(Fields.read(HttpAccessor.class, template, "requestFactory"))) {
            template.setInterceptors(interceptors.stream().map(this::around).toList());
        }
    }

    /**
     * For a builder that may have been given its load balancer just now.
     *
     * @return whether there was one
     */
    boolean around(RestClient.Builder builder) {
        // Asked for by the builder's own method, an absent list would become an empty one, and a client with
        // interceptors
        // keeps whole bodies in memory.
        if (isMeshed(Fields.read(builder, "requestFactory"))
                && Fields.read(builder, "interceptors") instanceof List<?> interceptors
                && interceptors.stream().anyMatch(this::isBalancer)) {
            builder.requestInterceptors(own -> own.replaceAll(this::around));
            return true;
        }
        return false;
    }

    private static boolean isMeshed(@Nullable Object factory) {
        return factory instanceof ClientHttpRequestFactory known && RequestFactories.isMeshed(known);
    }

    /** Lets the load balancer of a client that is left alone decide again. */
    static void takeBack(RestTemplate template) {
        List<ClientHttpRequestInterceptor> interceptors = template.getInterceptors();
        if (interceptors.stream().anyMatch(Pass.class::isInstance)) {
            template.setInterceptors(
                    interceptors.stream().map(BalancerPasses::balancer).toList());
        }
    }

    /** The same of a builder. */
    static void takeBack(RestClient.Builder builder) {
        if (Fields.read(builder, "interceptors") instanceof List<?> interceptors
                && interceptors.stream().anyMatch(Pass.class::isInstance)) {
            builder.requestInterceptors(own -> own.replaceAll(BalancerPasses::balancer));
        }
    }

    private ClientHttpRequestInterceptor around(ClientHttpRequestInterceptor interceptor) {
        return isBalancer(interceptor) ? new Pass(interceptor, this) : interceptor;
    }

    private static ClientHttpRequestInterceptor balancer(ClientHttpRequestInterceptor interceptor) {
        return interceptor instanceof Pass pass ? pass.balancer() : interceptor;
    }

    /** In the place of a load balancer. */
    private record Pass(ClientHttpRequestInterceptor balancer, BalancerPasses passes)
            implements ClientHttpRequestInterceptor {
        @Override
        public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
                throws IOException {
            return passes.passes(request.getURI(), request.getHeaders())
                    ? execution.execute(request, body)
                    : balancer.intercept(request, body, execution);
        }
    }
}
