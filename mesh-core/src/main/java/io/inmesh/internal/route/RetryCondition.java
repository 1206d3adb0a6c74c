package io.inmesh.internal.route;

import org.jspecify.annotations.Nullable;

/** A name that {@code retryOn} may have beside status codes (Envoy: x-envoy-retry-on, x-envoy-retry-grpc-on). */
enum RetryCondition {
    SERVER_ERROR("5xx"),
    GATEWAY_ERROR("gateway-error"),
    RESET("reset"),
    RESET_BEFORE_REQUEST("reset-before-request"),
    CONNECT_FAILURE("connect-failure"),
    RETRIABLE_4XX("retriable-4xx"),
    REFUSED_STREAM("refused-stream"),
    /** Says nothing by itself: the codes stand beside it. */
    RETRIABLE_STATUS_CODES("retriable-status-codes"),
    /** Without effect in Istio too: no rule can name the headers. */
    RETRIABLE_HEADERS("retriable-headers"),
    RATE_LIMITED("envoy-ratelimited"),
    /** Without effect, as nothing here speaks HTTP/3. */
    HTTP3_POST_CONNECT_FAILURE("http3-post-connect-failure"),
    CANCELLED("cancelled"),
    DEADLINE_EXCEEDED("deadline-exceeded"),
    INTERNAL("internal"),
    RESOURCE_EXHAUSTED("resource-exhausted"),
    UNAVAILABLE("unavailable");

    private final String text;

    RetryCondition(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Null for what is no such name, such as a status code. */
    static @Nullable RetryCondition of(String text) {
        for (RetryCondition condition : values()) {
            if (condition.text.equals(text)) {
                return condition;
            }
        }
        return null;
    }

    /** Whose status of gRPC it is; null for one that nothing can name. */
    static @Nullable RetryCondition ofGrpcStatus(String status) {
        return switch (status) {
            case "1" -> CANCELLED;
            case "4" -> DEADLINE_EXCEEDED;
            case "8" -> RESOURCE_EXHAUSTED;
            case "13" -> INTERNAL;
            case "14" -> UNAVAILABLE;
            default -> null;
        };
    }

    boolean isOfGrpc() {
        return compareTo(CANCELLED) >= 0;
    }
}
