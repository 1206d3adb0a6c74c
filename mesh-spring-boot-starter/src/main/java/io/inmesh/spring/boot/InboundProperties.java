package io.inmesh.spring.boot;

import io.inmesh.model.PathNormalization;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code mesh.inbound.}. Binding only.
 *
 * @param enabled Whether there is a filter before the application that judges requests, counts them, and has calls that are
 *     made for one carry its trace headers and those of 'headers'.
 * @param headers Names of further headers that calls carry, such as 'end-user'.
 * @param trustDeadline Whether callers may say how long they wait for an answer, in 'x-envoy-expected-rq-timeout-ms' or
 *     'grpc-timeout', so that no call goes on longer.
 * @param policies Whether AuthorizationPolicies and RequestAuthentications among the rules decide which requests come in.
 * @param trustedHops How many proxies before the application are trusted to tell the truth in X-Forwarded headers, where
 *     policies or limits look at them.
 * @param pathNormalization Form that paths are brought to before anything looks at them, where policies are in force or
 *     limits set.
 * @param strictPaths Whether paths that a container, a policy and the application could read in different ways are refused,
 *     where policies are in force or limits set.
 * @param removePathParameters Whether parameters of path segments, such as ';jsessionid=1', are cut off, where policies are
 *     in force or limits set; strict paths have none otherwise.
 * @param rateLimits Limits of requests in a time, in order; the first that is used up answers with 429.
 */
public record InboundProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> headers,
        @DefaultValue("false") boolean trustDeadline,
        @DefaultValue("true") boolean policies,
        @DefaultValue("0") int trustedHops,
        @DefaultValue("merge-slashes") PathNormalization pathNormalization,
        @DefaultValue("true") boolean strictPaths,
        @DefaultValue("false") boolean removePathParameters,
        @DefaultValue List<RateLimitProperties> rateLimits) {}
