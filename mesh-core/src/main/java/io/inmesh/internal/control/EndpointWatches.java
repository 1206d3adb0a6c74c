package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What endpoint sources say about the services that are followed. Control thread only. */
final class EndpointWatches {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointWatches.class);

    private final List<Feed> feeds;
    private final Executor control;
    private final TimeSource time;
    private final Runnable changed;

    /** One source with its watches, by service. */
    private static final class Feed {
        private final EndpointSource source;
        private final Map<ServiceName, Watch> watches = new TreeMap<>();
        private @Nullable Instant updatedAt;

        Feed(EndpointSource source) {
            this.source = source;
        }
    }

    private static final class Watch {
        private final long startedNanos;
        private @Nullable AutoCloseable handle;
        private @Nullable ServiceEndpoints latest;
        private @Nullable String failure;
        private boolean closed;

        Watch(long startedNanos) {
            this.startedNanos = startedNanos;
        }

        boolean answered() {
            return latest != null || failure != null;
        }
    }

    /**
     * Makes the table.
     *
     * @param changed told on the control thread when some service has changed
     */
    EndpointWatches(List<EndpointSource> sources, Executor control, TimeSource time, Runnable changed) {
        this.feeds = sources.stream().map(Feed::new).toList();
        this.control = control;
        this.time = time;
        this.changed = changed;
    }

    /** Follows these services and no others. */
    void follow(SortedSet<ServiceName> wanted) {
        for (Feed feed : feeds) {
            for (Iterator<Map.Entry<ServiceName, Watch>> all =
                            feed.watches.entrySet().iterator();
                    all.hasNext(); ) {
                Map.Entry<ServiceName, Watch> entry = all.next();
                if (!wanted.contains(entry.getKey())) {
                    all.remove();
                    end(feed, entry.getValue());
                }
            }
            for (ServiceName service : wanted) {
                if (!feed.watches.containsKey(service)) {
                    begin(feed, service);
                }
            }
        }
    }

    private void begin(Feed feed, ServiceName service) {
        Watch watch = new Watch(time.nanoTime());
        feed.watches.put(service, watch);
        Mailbox<ServiceEndpoints> mailbox = new Mailbox<>(control, update -> take(feed, watch, update));
        try {
            watch.handle = feed.source.watch(service, mailbox::put);
        } catch (RuntimeException broken) {
            LOG.error("{} cannot watch {}", feed.source.name(), service, broken);
            watch.failure = broken.toString();
        }
    }

    private void take(Feed feed, Watch watch, ServiceEndpoints update) {
        if (watch.closed) {
            return;
        }
        feed.updatedAt = time.now();
        if (!update.equals(watch.latest)) {
            watch.latest = update;
            changed.run();
        }
    }

    private static void end(Feed feed, Watch watch) {
        watch.closed = true;
        Closing.quietly(watch.handle, "a watch of " + feed.source.name());
    }

    /**
     * How long the first answers about these services are still to be waited for.
     *
     * @param waitNanos longest wait for one answer
     * @return 0 when all are there or have been waited for
     */
    long waitNanos(SortedSet<ServiceName> services, long waitNanos) {
        long now = time.nanoTime();
        long longest = 0;
        for (Feed feed : feeds) {
            for (ServiceName service : services) {
                Watch watch = feed.watches.get(service);
                if (watch != null && !watch.answered()) {
                    longest = Math.max(longest, watch.startedNanos + waitNanos - now);
                }
            }
        }
        return longest;
    }

    /** Those of the services that some source knows, source by source. */
    List<ServiceEndpoints> services(SortedSet<ServiceName> wanted) {
        List<ServiceEndpoints> services = new ArrayList<>();
        for (Feed feed : feeds) {
            for (ServiceName service : wanted) {
                Watch watch = feed.watches.get(service);
                ServiceEndpoints latest = watch == null ? null : watch.latest;
                if (latest != null && latest.state() != ServiceEndpoints.State.ABSENT) {
                    services.add(latest);
                }
            }
        }
        return services;
    }

    List<ConfigProblem> problems() {
        List<ConfigProblem> problems = new ArrayList<>();
        for (Feed feed : feeds) {
            feed.watches.forEach((service, watch) -> {
                if (watch.failure != null) {
                    problems.add(new ConfigProblem(
                            ConfigProblem.Severity.WARNING,
                            new Origin(feed.source.name(), 0, 0),
                            "",
                            service + " cannot be watched (" + watch.failure + "), so its endpoints are not known",
                            "see the log for the cause"));
                }
            });
        }
        return problems;
    }

    List<ControlStatus.Source> status() {
        return feeds.stream()
                .map(feed -> new ControlStatus.Source(
                        feed.source.name(),
                        "endpoints",
                        feed.watches.values().stream().allMatch(watch -> watch.failure == null),
                        feed.updatedAt))
                .toList();
    }

    void close() {
        for (Feed feed : feeds) {
            feed.watches.values().forEach(watch -> end(feed, watch));
            feed.watches.clear();
            Closing.quietly(feed.source, feed.source.name());
        }
    }
}
