package io.inmesh.kubernetes.internal.reflect;

import java.time.Duration;

/**
 * Pace of reflectors. client-go: reflector.go has the same numbers unless said.
 *
 * @param watchTimeout shortest server-side life of a watch; each takes a random one up to twice as long
 * @param silence longest time without a byte (bookmarks come about once a minute) before a watch is given up
 * @param listTimeout longest time for one list, or for the initial events of a WatchList
 * @param minBackoff first pause after a failure, doubled each time, with jitter
 * @param maxBackoff longest pause after a failure
 * @param backoffReset healthy for so long means: the next failure starts at {@code minBackoff} again
 * @param refusedPause pause after 403 and 404
 * @param safetyRelist time between two lists that only compare, with jitter; zero means never
 * @param pageSize objects in a page of a list; 0 means one page
 * @param shrinkGuard a list with less than this part of the objects known is believed only when a second, consistent
 *     list agrees; 0 switches the guard off
 */
public record ReflectorSettings(
        Duration watchTimeout,
        Duration silence,
        Duration listTimeout,
        Duration minBackoff,
        Duration maxBackoff,
        Duration backoffReset,
        Duration refusedPause,
        Duration safetyRelist,
        int pageSize,
        double shrinkGuard) {
    /** The numbers for production. */
    public static final ReflectorSettings DEFAULT = new ReflectorSettings(
            Duration.ofMinutes(5),
            Duration.ofSeconds(45),
            Duration.ofSeconds(30),
            Duration.ofMillis(800),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(30),
            500,
            0.5);
}
