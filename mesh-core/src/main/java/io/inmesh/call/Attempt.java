package io.inmesh.call;

import io.inmesh.endpoint.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call: where to and what to send.
 *
 * @param number 1 for the first
 * @param endpoint whom to connect to; null means the address that the request itself names (ServiceEntry resolution
 *     NONE, balancer PASSTHROUGH)
 * @param authority value of the Host header
 * @param pathAndQuery what to send as path
 * @param headers all headers to send without Host; null means those of the request unchanged
 */
public record Attempt(
        int number,
        @Nullable Endpoint endpoint,
        String authority,
        String pathAndQuery,
        @Nullable List<HeaderField> headers) {}
