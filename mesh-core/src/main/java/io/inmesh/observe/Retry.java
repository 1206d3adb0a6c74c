package io.inmesh.observe;

import io.inmesh.event.Outcome;

/**
 * A further attempt that is planned; the call may still end during the wait.
 *
 * @param failed number of the attempt that failed
 * @param outcome why there is another
 * @param waitNanos until it begins
 */
public record Retry(int failed, Outcome outcome, long waitNanos) {}
