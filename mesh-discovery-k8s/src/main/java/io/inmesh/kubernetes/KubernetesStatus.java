package io.inmesh.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How reading from the cluster goes. Immutable.
 *
 * @param state the whole in a word
 * @param tableAge time since the server last confirmed the least recently confirmed watch, null before the first answer
 * @param watches one an open watch
 * @param services by full host name, state of each service watched
 * @param problems what somebody should do something about, a sentence each: rights that are missing, a fallback in use, a
 *     file that could not be used
 */
public record KubernetesStatus(
        State state,
        @Nullable Duration tableAge,
        List<Watch> watches,
        Map<String, ServiceState> services,
        List<String> problems) {
    public KubernetesStatus {
        watches = List.copyOf(watches);
        services = Map.copyOf(services);
        problems = List.copyOf(problems);
    }

    /** The whole in a word. */
    public enum State {
        /** No answer yet. */
        STARTING,
        /** All watches stand. */
        LIVE,
        /** Some watch does not stand: the last good table is used. */
        STALE,
        /** The API server has not been seen since the start: the file from before is used. */
        FROM_SNAPSHOT,
        /** The API server has not been seen since the start, and there is no file: services are called by DNS name. */
        BY_NAME
    }

    /** Where a service's endpoints come from now. */
    public enum ServiceState {
        /** Nothing known yet. */
        WAITING,
        /** From the watch. */
        LIVE,
        /** From the file. */
        FROM_SNAPSHOT,
        /** Called by its DNS name. */
        BY_NAME,
        /** The server has no such service. */
        ABSENT
    }

    /**
     * One watch.
     *
     * @param selection what it reads
     * @param state {@code LISTING}, {@code WATCHING}, {@code BACKING_OFF}, {@code REFUSED} or {@code CLOSED}
     * @param confirmedAt when the server last said something
     * @param objects known
     * @param lastFailure empty when there is none
     * @param counts since the start, by name
     */
    public record Watch(
            String selection,
            String state,
            @Nullable Instant confirmedAt,
            String resourceVersion,
            int objects,
            String lastFailure,
            Map<String, Long> counts) {
        public Watch {
            counts = Map.copyOf(counts);
        }

        /** Starts a watch of which nothing has come yet. */
        public static Builder builder(String selection, String state) {
            return new Builder(selection, state);
        }

        /** Starts a copy. */
        public Builder toBuilder() {
            return new Builder(selection, state)
                    .confirmedAt(confirmedAt)
                    .resourceVersion(resourceVersion)
                    .objects(objects)
                    .lastFailure(lastFailure)
                    .counts(counts);
        }

        /** Collects a watch; not thread-safe. */
        public static final class Builder {
            private final String selection;
            private final String state;
            private @Nullable Instant confirmedAt;
            private String resourceVersion = "";
            private int objects;
            private String lastFailure = "";
            private Map<String, Long> counts = Map.of();

            private Builder(String selection, String state) {
                this.selection = selection;
                this.state = state;
            }

            /** When the server last said something; null before. */
            public Builder confirmedAt(@Nullable Instant newConfirmedAt) {
                confirmedAt = newConfirmedAt;
                return this;
            }

            /** The server's, empty before the first. */
            public Builder resourceVersion(String newResourceVersion) {
                resourceVersion = newResourceVersion;
                return this;
            }

            /** How many are known. */
            public Builder objects(int newObjects) {
                objects = newObjects;
                return this;
            }

            /** Empty when there is none. */
            public Builder lastFailure(String newLastFailure) {
                lastFailure = newLastFailure;
                return this;
            }

            /** Since the start, by name. */
            public Builder counts(Map<String, Long> newCounts) {
                counts = newCounts;
                return this;
            }

            /** The watch. */
            public Watch build() {
                return new Watch(selection, state, confirmedAt, resourceVersion, objects, lastFailure, counts);
            }
        }
    }
}
