package io.inmesh.servlet;

import io.inmesh.model.HeaderName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What of a request that comes in is handed on to the calls that are made on its behalf.
 *
 * @param headers names in lower case, in the order in which they are taken until there is no room left; {@link
 *     #TRACE_HEADERS} come first, whether they are named or not
 * @param trustDeadline whether the caller may say how long it waits, by {@code x-envoy-expected-rq-timeout-ms} or {@code
 *     grpc-timeout}, so that no call goes on longer. Only for callers that are trusted: anybody else could make calls fail
 * @param maxBytes how much is taken in all, names and values together; a header that does not fit is left out whole
 */
public record PropagationPolicy(List<String> headers, boolean trustDeadline, int maxBytes) {
    /** The headers by which requests are traced: id, W3C, B3 in both forms, and what Envoy and gRPC have had before. */
    public static final List<String> TRACE_HEADERS = List.of(
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
            "grpc-trace-bin",
            "baggage");

    /** 8 KiB: what most servers take as the headers of a request. */
    public static final int DEFAULT_MAX_BYTES = 8192;

    /** {@link #TRACE_HEADERS} alone, and no deadline. */
    public static final PropagationPolicy DEFAULT = builder().build();

    /** They belong to one message or one connection, and mean something else, or harm, on another. */
    private static final Set<String> NOT_TO_HAND_ON = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "content-length",
            "content-type",
            "content-encoding",
            "content-range",
            "range",
            "accept-encoding",
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range");

    public PropagationPolicy {
        Set<String> all = new LinkedHashSet<>(TRACE_HEADERS);
        for (String header : headers) {
            all.add(checked(header));
        }
        headers = List.copyOf(all);
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + "; give 0 or more");
        }
    }

    private static String checked(String header) {
        String name = header.strip().toLowerCase(Locale.ROOT);
        if (!HeaderName.isValid(name)) {
            throw new IllegalArgumentException("cannot hand on \"" + header
                    + "\": it is not the name of a header, which is made of " + HeaderName.CHARACTERS);
        }
        if (NOT_TO_HAND_ON.contains(name)) {
            throw new IllegalArgumentException("cannot hand on \"" + header
                    + "\": it belongs to the message or connection that it came with; leave it out");
        }
        return name;
    }

    /** Starts the {@link #DEFAULT} policy. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a policy; not thread-safe. */
    public static final class Builder {
        private final List<String> headers = new ArrayList<>();
        private boolean trustDeadline;
        private int maxBytes = DEFAULT_MAX_BYTES;

        private Builder() {}

        /**
         * Hands these headers on too, such as {@code end-user}.
         *
         * @param names in any case
         */
        public Builder headers(List<String> names) {
            headers.addAll(names);
            return this;
        }

        /** Whether the caller may say how long it waits; false unless told. */
        public Builder trustDeadline(boolean trust) {
            trustDeadline = trust;
            return this;
        }

        /** How much is taken in all; {@value PropagationPolicy#DEFAULT_MAX_BYTES} unless told. */
        public Builder maxBytes(int bytes) {
            maxBytes = bytes;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException when a name is not one of a header, or of one that belongs to one message or
         *     connection, or the number of bytes is negative
         */
        public PropagationPolicy build() {
            return new PropagationPolicy(headers, trustDeadline, maxBytes);
        }
    }
}
