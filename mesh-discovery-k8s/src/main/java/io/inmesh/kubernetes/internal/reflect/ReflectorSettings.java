package io.inmesh.kubernetes.internal.reflect;

import java.time.Duration;

/**
 * Pace of reflectors. client-go: reflector.go has the same life of watches and the same pauses, but goes back to the
 * shortest pause only after two minutes, and does not tell a server that cannot be reached from one that is overloaded.
 *
 * @param watchTimeout shortest server-side life of a watch; each takes a random one up to twice as long
 * @param silence longest time without a byte on a connection without pings (HTTP/1.1) before a watch is given up; over
 *     HTTP/2, whose pings notice a dead connection within 30 s, twice as long, since a server sends a bookmark once a
 *     minute
 * @param probation server-side life of the first watch after an outage: a server that has gone back in time accepts the
 *     watch and stays silent, so that the bookmark missing at its end is the only sign
 * @param listTimeout longest time for a page of a list, or for the initial events of a WatchList; the API server's own
 *     limit is a minute, too
 * @param minBackoff longest first pause after a failure, doubled each time; drawn from the upper half of that
 * @param maxBackoff longest pause after a failure
 * @param unreachableBackoff longest pause while no connection can be made, which costs the server little
 * @param backoffReset after a watch that stood for so long, pauses start at {@code minBackoff} again
 * @param refusedPause longest pause after 403 and 404
 * @param safetyRelist time between two lists that only compare, with jitter; zero means never
 * @param startJitter the first list waits a random part of this, so that many clients started at once do not list at once
 * @param relistJitter a list that replaces a lost position waits a random part of this, for the same reason; a WatchList
 *     does not, since it costs the server no more than a watch. After a server's return this, {@code unreachableBackoff}
 *     and {@code probation} follow each other at worst: 32 s, of the 35 s in which what is known has to be right again
 * @param pageSize objects in a page of a list; 0 means one page
 * @param shrinkGuard a list with less than this part of the objects known is believed only when a second, consistent
 *     list agrees; 0 switches the guard off
 */
public record ReflectorSettings(
        Duration watchTimeout,
        Duration silence,
        Duration probation,
        Duration listTimeout,
        Duration minBackoff,
        Duration maxBackoff,
        Duration unreachableBackoff,
        Duration backoffReset,
        Duration refusedPause,
        Duration safetyRelist,
        Duration startJitter,
        Duration relistJitter,
        int pageSize,
        double shrinkGuard) {
    /** The numbers for production. */
    public static final ReflectorSettings DEFAULT = builder().build();

    /** Starts from the numbers for production. */
    public static Builder builder() {
        return new Builder();
    }

    /** Longest time without a byte before the initial events of a WatchList have ended: old servers never end them. */
    Duration initialSilence() {
        return listTimeout.dividedBy(6);
    }

    /** Longest time without a byte of a list, or before the head of an answer. */
    Duration answerSilence() {
        return listTimeout.dividedBy(2);
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private Duration watchTimeout = Duration.ofMinutes(5);
        private Duration silence = Duration.ofSeconds(45);
        private Duration probation = Duration.ofSeconds(4);
        private Duration listTimeout = Duration.ofSeconds(60);
        private Duration minBackoff = Duration.ofMillis(800);
        private Duration maxBackoff = Duration.ofSeconds(30);
        private Duration unreachableBackoff = Duration.ofSeconds(2);
        private Duration backoffReset = Duration.ofSeconds(10);
        private Duration refusedPause = Duration.ofSeconds(30);
        private Duration safetyRelist = Duration.ofMinutes(30);
        private Duration startJitter = Duration.ZERO;
        private Duration relistJitter = Duration.ofSeconds(26);
        private int pageSize = 500;
        private double shrinkGuard = 0.5;

        private Builder() {}

        /** 5 min unless told. */
        public Builder watchTimeout(Duration shortest) {
            watchTimeout = shortest;
            return this;
        }

        /** 45 s unless told. */
        public Builder silence(Duration longest) {
            silence = longest;
            return this;
        }

        /** 4 s unless told; the server needs 3 s at least to send its bookmark. */
        public Builder probation(Duration life) {
            probation = life;
            return this;
        }

        /** 60 s unless told. */
        public Builder listTimeout(Duration longest) {
            listTimeout = longest;
            return this;
        }

        /** 0.8 s to 30 s unless told. */
        public Builder backoff(Duration min, Duration max) {
            minBackoff = min;
            maxBackoff = max;
            return this;
        }

        /** 2 s unless told. */
        public Builder unreachableBackoff(Duration max) {
            unreachableBackoff = max;
            return this;
        }

        /** 10 s unless told. */
        public Builder backoffReset(Duration healthy) {
            backoffReset = healthy;
            return this;
        }

        /** 30 s unless told. */
        public Builder refusedPause(Duration max) {
            refusedPause = max;
            return this;
        }

        /** 30 min unless told; zero means never. */
        public Builder safetyRelist(Duration interval) {
            safetyRelist = interval;
            return this;
        }

        /** None unless told. */
        public Builder startJitter(Duration max) {
            startJitter = max;
            return this;
        }

        /** 26 s unless told, which keeps 200 clients at or below 20 lists in any second, but for one time in a hundred. */
        public Builder relistJitter(Duration max) {
            relistJitter = max;
            return this;
        }

        /** 500 unless told. */
        public Builder pageSize(int objects) {
            pageSize = objects;
            return this;
        }

        /** 0.5 unless told. */
        public Builder shrinkGuard(double part) {
            shrinkGuard = part;
            return this;
        }

        /** The settings. */
        public ReflectorSettings build() {
            return new ReflectorSettings(
                    watchTimeout,
                    silence,
                    probation,
                    listTimeout,
                    minBackoff,
                    maxBackoff,
                    unreachableBackoff,
                    backoffReset,
                    refusedPause,
                    safetyRelist,
                    startJitter,
                    relistJitter,
                    pageSize,
                    shrinkGuard);
        }
    }
}
