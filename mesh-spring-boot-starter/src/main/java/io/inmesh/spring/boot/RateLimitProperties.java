package io.inmesh.spring.boot;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A limit of requests in a time, {@code mesh.gateway.rate-limits[]} or {@code mesh.inbound.rate-limits[]}. Binding only;
 * {@link RateLimitCheck} makes {@link io.inmesh.servlet.policy.RateLimit}s of them.
 *
 * @param name For people, in logs.
 * @param path A path such as '/api', for it and all below it.
 * @param virtualService VirtualService as 'namespace/name', for its routes; at a gateway.
 * @param route Name of a route; at a gateway.
 * @param host Host as a VirtualService writes it; at a gateway.
 * @param by What is counted by itself: 'ip', 'header:NAME' or 'claim:NAME', and at a gateway 'route' or 'host'. Without
 *     any, all requests together.
 * @param requests How many pass in a time.
 * @param per The time, at most a day.
 */
public record RateLimitProperties(
        @Nullable String name,
        @Nullable String path,
        @Nullable String virtualService,
        @Nullable String route,
        @Nullable String host,
        @DefaultValue List<String> by,
        @Nullable Integer requests,
        @Nullable Duration per) {}
