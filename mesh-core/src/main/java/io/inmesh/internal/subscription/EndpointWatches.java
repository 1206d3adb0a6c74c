package io.inmesh.internal.subscription;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.internal.time.ControlThread;
import io.inmesh.observe.SourceStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What endpoint sources say about all that is followed. Control thread only. */
final class EndpointWatches {
    private static final String ALL = "the list of all services";
    private static final Set<String> NAMES = Set.of(ALL);

    private final List<Feed> feeds;
    private final ControlThread thread;
    private final Runnable changed;
    private @Nullable Set<ServiceName> allNames;
    private Map<ServiceName, ServiceName> aliases = Map.of();
    private boolean aliasesStale = true;

    /** One source with its watches. */
    private final class Feed {
        private final EndpointSource source;
        private final Watches<ServiceKey, ServiceEndpoints> services;
        private final Watches<WorkloadSelector, List<Workload>> workloads;
        private final Watches<String, Set<ServiceName>> names;
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
            this.workloads = new Watches<>(
                    source.name(),
                    source::watchWorkloads,
                    selector -> "what is labelled " + selector.labels() + " in " + selector.namespace(),
                    thread,
                    this::heard);
            this.names = new Watches<>(
                    source.name(), (key, onNames) -> source.watchNames(onNames), key -> key, thread, this::heardNames);
        }

        private void heardNames(boolean news) {
            allNames = null;
            heard(news);
        }

        private void heard(boolean news) {
            updatedAt = thread.time().now();
            if (news) {
                aliasesStale = true;
                changed.run();
            }
        }

        void follow(Set<ServiceKey> wanted) {
            Set<ServiceKey> kept = new HashSet<>(wanted);
            for (ServiceKey key : wanted) {
                // What the old watch says holds until the new one has said something.
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
            return Stream.of(names, services, workloads)
                    .flatMap(watches -> watches.problems().stream())
                    .toList();
        }

        void close() {
            names.close();
            services.close();
            workloads.close();
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

    /** Follows the names that sources tell of, these services and selectors, and no others. */
    void follow(Set<ServiceKey> wanted, Set<WorkloadSelector> selectors) {
        for (Feed feed : feeds) {
            feed.names.follow(NAMES);
            feed.follow(wanted);
            feed.workloads.follow(selectors);
        }
    }

    /**
     * How long the first answers about these are still to be waited for.
     *
     * @param waitNanos longest wait for one answer
     * @return 0 when all are there or have been waited for
     */
    long waitNanos(Set<ServiceKey> services, Set<WorkloadSelector> selectors, long waitNanos) {
        return longest(feed ->
                Math.max(feed.services.waitNanos(services, waitNanos), feed.workloads.waitNanos(selectors, waitNanos)));
    }

    /** The same for the names that sources tell of. */
    long namesWaitNanos(long waitNanos) {
        return longest(feed -> feed.names.waitNanos(NAMES, waitNanos));
    }

    private long longest(ToLongFunction<Feed> wait) {
        return feeds.stream().mapToLong(wait).max().orElse(0);
    }

    boolean isEmpty() {
        return feeds.isEmpty();
    }

    /** Whether some source lets calls ask for a service. */
    boolean mayKnow(ServiceName service) {
        return feeds.stream().anyMatch(feed -> HostLookup.mayKnow(feed.source, service));
    }

    /** All services that sources have told of without being asked; the same object until they tell something else. */
    Set<ServiceName> names() {
        Set<ServiceName> all = allNames;
        if (all == null) {
            all = new TreeSet<>();
            for (Feed feed : feeds) {
                Set<ServiceName> told = feed.names.latest(ALL);
                if (told != null) {
                    all.addAll(told);
                }
            }
            allNames = all;
        }
        return all;
    }

    /** What each service that is an alias leads to; the same object until that changes. */
    Map<ServiceName, ServiceName> aliases() {
        if (aliasesStale) {
            Map<ServiceName, ServiceName> all = new TreeMap<>();
            for (Feed feed : feeds) {
                for (ServiceEndpoints service : feed.services.latest()) {
                    if (service.target() != null) {
                        all.putIfAbsent(service.service(), service.target());
                    }
                }
            }
            aliases = all.equals(aliases) ? aliases : all;
            aliasesStale = false;
        }
        return aliases;
    }

    /** What a selector takes, source by source. */
    List<Workload> workloads(WorkloadSelector selector) {
        List<Workload> all = new ArrayList<>();
        for (Feed feed : feeds) {
            List<Workload> taken = feed.workloads.latest(selector);
            if (taken != null) {
                all.addAll(taken);
            }
        }
        return all;
    }

    /** What sources say about one service together. */
    CalledServices.Answer answer(ServiceName service) {
        boolean all = true;
        for (Feed feed : feeds) {
            ServiceEndpoints latest = feed.latest(new ServiceKey(service, false));
            if (latest == null) {
                all = false;
            } else if (latest.state() != ServiceEndpoints.State.ABSENT) {
                return CalledServices.Answer.KNOWN;
            }
        }
        return all ? CalledServices.Answer.ABSENT : CalledServices.Answer.PENDING;
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

    /** Sources that were asked about a service and have not answered, by its full name. */
    Map<String, List<String>> silent() {
        Map<String, List<String>> silent = new HashMap<>();
        for (Feed feed : feeds) {
            for (ServiceKey key : feed.services.silent()) {
                if (feed.latest(key) == null) {
                    silent.computeIfAbsent(key.service().host(), host -> new ArrayList<>())
                            .add(feed.source.name());
                }
            }
        }
        return silent;
    }

    List<ConfigProblem> problems() {
        return feeds.stream().flatMap(feed -> feed.problems().stream()).toList();
    }

    List<SourceStatus> status() {
        return feeds.stream()
                .map(feed -> new SourceStatus(
                        feed.source.name(), "endpoints", feed.problems().isEmpty(), feed.updatedAt))
                .toList();
    }

    void close() {
        feeds.forEach(Feed::close);
    }
}
