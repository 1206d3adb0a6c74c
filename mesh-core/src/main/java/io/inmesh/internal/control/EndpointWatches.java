package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What endpoint sources say about all that is followed. Control thread only. */
final class EndpointWatches {
    private final List<Feed> feeds;
    private final ControlThread thread;
    private final Runnable changed;

    /** One source with its watches. */
    private final class Feed {
        private final EndpointSource source;
        private final Watches<ServiceKey, ServiceEndpoints> services;
        private @Nullable Instant updatedAt;

        Feed(EndpointSource source) {
            this.source = source;
            this.services = new Watches<>(
                    source.name(),
                    (key, onUpdate) -> key.labels()
                            ? source.watchWithLabels(key.service(), onUpdate)
                            : source.watch(key.service(), onUpdate),
                    key -> key.service().host(),
                    thread,
                    this::heard);
        }

        private void heard(boolean news) {
            updatedAt = thread.time().now();
            if (news) {
                changed.run();
            }
        }

        void follow(Set<ServiceKey> wanted) {
            Set<ServiceKey> kept = new HashSet<>(wanted);
            for (ServiceKey key : wanted) {
                // Whoever changes the way of watching keeps what the old watch says until the new one says something.
                if (services.latest(key) == null && services.follows(key.sibling())) {
                    kept.add(key.sibling());
                }
            }
            services.follow(kept);
        }

        @Nullable
        ServiceEndpoints latest(ServiceKey key) {
            ServiceEndpoints latest = services.latest(key);
            return latest == null ? services.latest(key.sibling()) : latest;
        }

        List<ConfigProblem> problems() {
            return services.problems();
        }

        void close() {
            services.close();
            Closing.quietly(source, source.name());
        }
    }

    /**
     * Makes the table.
     *
     * @param changed told on the control thread when something has changed
     */
    EndpointWatches(List<EndpointSource> sources, ControlThread thread, Runnable changed) {
        this.thread = thread;
        this.changed = changed;
        this.feeds = sources.stream().map(Feed::new).toList();
    }

    /** Follows these services and no others. */
    void follow(Set<ServiceKey> wanted) {
        feeds.forEach(feed -> feed.follow(wanted));
    }

    /**
     * How long the first answers about these services are still to be waited for.
     *
     * @param waitNanos longest wait for one answer
     * @return 0 when all are there or have been waited for
     */
    long waitNanos(Set<ServiceKey> services, long waitNanos) {
        return feeds.stream()
                .mapToLong(feed -> feed.services.waitNanos(services, waitNanos))
                .max()
                .orElse(0);
    }

    /** Those of the services that some source knows, source by source. */
    List<ServiceEndpoints> services(Set<ServiceKey> wanted) {
        List<ServiceEndpoints> services = new ArrayList<>();
        for (Feed feed : feeds) {
            for (ServiceKey key : wanted) {
                ServiceEndpoints latest = feed.latest(key);
                if (latest != null && latest.state() != ServiceEndpoints.State.ABSENT) {
                    services.add(latest);
                }
            }
        }
        return services;
    }

    List<ConfigProblem> problems() {
        return feeds.stream().flatMap(feed -> feed.problems().stream()).toList();
    }

    List<ControlStatus.Source> status() {
        return feeds.stream()
                .map(feed -> new ControlStatus.Source(
                        feed.source.name(), "endpoints", feed.problems().isEmpty(), feed.updatedAt))
                .toList();
    }

    void close() {
        feeds.forEach(Feed::close);
    }
}
