package io.inmesh.observe;

import io.inmesh.call.AttemptTraffic;
import io.inmesh.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that is about to be sent.
 *
 * @param number 1 for the first of the call
 * @param endpoint null when the address that the request names is called
 * @param authority Host that is sent
 * @param pathAndQuery path that is sent
 * @param traffic what the attempt carries, as its transport counts it until the attempt ends
 */
public record StartedAttempt(
        int number, @Nullable Endpoint endpoint, String authority, String pathAndQuery, AttemptTraffic traffic) {}
