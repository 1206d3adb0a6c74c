package io.inmesh.spring.boot.cloud.feign;

import feign.Client;
import feign.Request;
import feign.RequestTemplate;
import feign.Response;
import feign.Target;
import io.inmesh.spring.boot.client.BalancerDecisions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sends requests to hosts that the mesh knows through it, all others as they would go without it. Thread-safe. */
final class MeshFeignClient implements Client {
    private final Client delegate;
    private final FeignCalls calls;
    private final Predicate<Class<?>> excluded;
    private final BalancerDecisions decisions;
    private final Map<Class<?>, Boolean> known = new ConcurrentHashMap<>();

    MeshFeignClient(Client delegate, FeignCalls calls, Predicate<Class<?>> excluded, BalancerDecisions decisions) {
        this.delegate = delegate;
        this.calls = calls;
        this.excluded = excluded;
        this.decisions = decisions;
    }

    @Override
    public Response execute(Request request, Request.Options options) throws IOException {
        URI uri = uri(request);
        if (uri == null || isExcluded(request)) {
            return delegate.execute(request, options);
        }
        Response answer = calls.send(request, uri, options);
        decisions.add(uri, answer != null);
        return answer == null ? delegate.execute(request, options) : answer;
    }

    /** Null for what cannot be read, which is the delegate's to refuse. */
    private static @Nullable URI uri(Request request) {
        try {
            URI uri = new URI(request.url());
            return uri.getRawAuthority() == null ? null : uri;
        } catch (URISyntaxException unreadable) {
            return null;
        }
    }

    private boolean isExcluded(Request request) {
        RequestTemplate template = request.requestTemplate();
        Target<?> target = template == null ? null : template.feignTarget();
        return target != null && known.computeIfAbsent(target.type(), excluded::test);
    }
}
