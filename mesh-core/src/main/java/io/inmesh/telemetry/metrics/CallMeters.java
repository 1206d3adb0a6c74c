package io.inmesh.telemetry.metrics;

import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.Overflow;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters of calls by where they go, each looked up in the registry once. Thread-safe. */
final class CallMeters {
    private static final Logger LOG = LoggerFactory.getLogger(CallMeters.class);

    /** How many ends of a call, by status and flag, are told apart. */
    static final int CODES_OF_A_ROUTE = 50;

    private final OwnMeters own;
    private final Tags common;
    private final int limit;
    private final AtomicInteger toldApart = new AtomicInteger();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final ConcurrentMap<String, LongAdder> active = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ServiceMeters> byCluster = new ConcurrentHashMap<>();
    private final ServiceMeters passthrough;
    private final ServiceMeters none;
    private final ServiceMeters other;
    private final CodeTable<Timer> otherRequests;

    /**
     * Makes meters that appear in the registry when they are first used.
     *
     * @param common tags of all of them
     * @param limit how many combinations of service, subset and route are told apart
     */
    CallMeters(OwnMeters own, Tags common, int limit) {
        this.own = own;
        this.common = common;
        this.limit = limit;
        this.passthrough = meters(TagValues.PASSTHROUGH, TagValues.NONE);
        this.none = meters(TagValues.NONE, TagValues.NONE);
        this.other = meters(TagValues.OTHER, TagValues.OTHER);
        this.otherRequests = new CodeTable<>(
                CODES_OF_A_ROUTE,
                (status, flag) -> requests(TagValues.OTHER, TagValues.OTHER, TagValues.OTHER, status, flag));
    }

    /** Of calls to hosts that the mesh does not know. */
    ServiceMeters passthrough() {
        return passthrough;
    }

    /** Of calls that no service is chosen for. */
    ServiceMeters none() {
        return none;
    }

    /** Of calls to a cluster, {@code outbound|port|subset|fqdn}. */
    ServiceMeters of(String cluster) {
        ServiceMeters known = byCluster.get(cluster);
        return known == null ? add(cluster) : known;
    }

    /** Timers of the calls of a route, or those of all the routes that are not told apart. */
    CodeTable<Timer> requests(ServiceMeters service, String route) {
        CodeTable<Timer> timers = service == other ? null : service.requests(TagValues.orNone(route));
        return timers == null ? otherRequests : timers;
    }

    private ServiceMeters add(String cluster) {
        // A cluster without a route of its own would need no place, but has one as soon as it is called.
        if (isFull()) {
            warnOnce();
            return other;
        }
        return byCluster.computeIfAbsent(cluster, name -> {
            ClusterName parts = ClusterName.of(name);
            return meters(parts.host(), TagValues.orNone(parts.subset()));
        });
    }

    private ServiceMeters meters(String service, String subset) {
        return new ServiceMeters(this, service, subset, active.computeIfAbsent(service, this::newActive));
    }

    private LongAdder newActive(String service) {
        LongAdder calls = new LongAdder();
        // Weakly held by the registry otherwise, and gone with this.
        own.add(Gauge.builder("mesh.client.active", calls, LongAdder::sum)
                .description("Calls under way: decided, and their answer's body neither read to its end nor closed")
                .tags(common.and("service", service))
                .strongReference(true)
                .register(own.registry()));
        return calls;
    }

    /** Whether no further combination is told apart. */
    boolean isFull() {
        return toldApart.get() >= limit;
    }

    /** Whether there is room for one more combination, which is taken. */
    boolean mayTellApart() {
        if (toldApart.incrementAndGet() <= limit) {
            return true;
        }
        toldApart.decrementAndGet();
        warnOnce();
        return false;
    }

    /** Says that there are combinations beyond the limit. */
    void warnOnce() {
        if (!warned.get() && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "There are more than {} combinations of service, subset and route; what is called beyond them is"
                            + " counted with the tags {}, and no more is said of it",
                    limit,
                    TagValues.OTHER);
        }
    }

    Timer requests(String service, String subset, String route, int status, @Nullable ResponseFlag flag) {
        return own.add(Timer.builder("mesh.client.requests")
                .description("Calls, from the decision to the end of the answer's body, retries included")
                .tags(common.and(
                        "service", service,
                        "subset", subset,
                        "route", route,
                        "code", TagValues.code(status),
                        "flag", TagValues.flag(flag)))
                .register(own.registry()));
    }

    Timer attempts(String service, String subset, int status, @Nullable ResponseFlag flag) {
        return own.add(Timer.builder("mesh.client.attempts")
                .description("Attempts of calls, each from its beginning to the end of the answer's body")
                .tags(common.and(
                        "service",
                        service,
                        "subset",
                        subset,
                        "code",
                        TagValues.code(status),
                        "flag",
                        TagValues.flag(flag)))
                .register(own.registry()));
    }

    Counter retries(String service, int status, @Nullable ResponseFlag flag) {
        return own.add(Counter.builder("mesh.client.retries")
                .description("Further attempts that were planned, by why the one before failed")
                .tags(common.and("service", service, "reason", flag == null ? TagValues.code(status) : flag.name()))
                .register(own.registry()));
    }

    Counter overflow(String service, Overflow limit) {
        return own.add(Counter.builder("mesh.client.overflow")
                .description(
                        "Attempts and retries that a limit of connectionPool or retryBudget has kept from being sent")
                .tags(common.and("service", service, "limit", limit.word()))
                .register(own.registry()));
    }

    Counter hedges(String service, HedgeResult result) {
        return own.add(Counter.builder("mesh.client.hedges")
                .description("Second attempts whose time came while the first was waited for, by what became of them")
                .tags(common.and("service", service, "result", result.word()))
                .register(own.registry()));
    }

    Counter mirrored(String service, EndedCopy.Result result) {
        return own.add(Counter.builder("mesh.client.mirrored")
                .description("Copies of requests that rules ask for, by what became of them")
                .tags(common.and("service", service, "outcome", result.name().toLowerCase(Locale.ROOT)))
                .register(own.registry()));
    }

    /** Service and subset of a cluster. */
    record ClusterName(String host, int port, String subset) {
        /** Reads {@code outbound|port|subset|fqdn}. */
        static ClusterName of(String cluster) {
            int port = cluster.indexOf('|');
            int subset = cluster.indexOf('|', port + 1);
            int host = cluster.indexOf('|', subset + 1);
            return new ClusterName(
                    cluster.substring(host + 1),
                    Integer.parseInt(cluster, port + 1, subset, 10),
                    cluster.substring(subset + 1, host));
        }
    }
}
