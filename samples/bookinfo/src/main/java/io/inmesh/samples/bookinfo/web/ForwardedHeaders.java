package io.inmesh.samples.bookinfo.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Hands on to the next service what came in with the request that is being answered: who the user is, and which trace
 * it belongs to. Rules that match on {@code end-user} depend on it. Comes first, so that a service may change it.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class ForwardedHeaders implements RestClientCustomizer {
    /** Who is signed in. */
    public static final String END_USER = "end-user";

    private static final List<String> NAMES = List.of(
            END_USER,
            "user-agent",
            "authorization",
            "cookie",
            "x-request-id",
            "traceparent",
            "tracestate",
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags",
            "x-ot-span-context",
            "x-cloud-trace-context",
            "grpc-trace-bin",
            "x-datadog-trace-id",
            "x-datadog-parent-id",
            "x-datadog-sampling-priority",
            "sw8");

    @Override
    public void customize(RestClient.Builder builder) {
        builder.requestInitializer(outgoing -> copyTo(outgoing.getHeaders()));
    }

    private static void copyTo(HttpHeaders outgoing) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current) {
            HttpServletRequest incoming = current.getRequest();
            for (String name : NAMES) {
                if (!outgoing.containsHeader(name)) {
                    Collections.list(incoming.getHeaders(name)).forEach(value -> outgoing.add(name, value));
                }
            }
        }
    }
}
