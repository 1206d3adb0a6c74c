package io.inmesh.console;

import io.inmesh.call.HeaderField;
import io.inmesh.console.ServiceCalls.EndpointCalls;
import io.inmesh.console.Window.Count;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.Overflow;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.ToldAttempt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the last minute by service and endpoint, and the latest calls, for a {@link Console}. Goes into
 * {@link io.inmesh.Mesh.Builder#observer}. Thread-safe; what it holds is bounded: 1000 destinations, 100 hosts that are no
 * services, 2000 endpoints; calls of further ones count together. A call costs one small object and one entry of the tail.
 */
public final class CallStatistics implements MeshObserver {
    private static final int MOST_CLUSTERS = 1000;
    private static final int MOST_HOSTS = 100;
    private static final int MOST_ENDPOINTS = 2000;
    private static final String OTHER_SERVICES = "(other services)";
    private static final String OTHER_HOSTS = "(other hosts)";

    /** A destination that was not called for so long is forgotten. */
    private static final long FORGOTTEN_AFTER_SLOTS = TimeUnit.MINUTES.toSeconds(10) / Window.SLOT_SECONDS;

    private final TimeSource time;
    private final long startedNanos;
    private final ConcurrentHashMap<String, ServiceCalls> clusters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, ServiceCalls> hosts = new ConcurrentHashMap<>();
    private final ServiceCalls otherServices = new ServiceCalls(ServiceCalls.Kind.SERVICE, OTHER_SERVICES, 0, "");
    private final ServiceCalls otherHosts = new ServiceCalls(ServiceCalls.Kind.OUTSIDE, OTHER_HOSTS, 0, "");
    private final AtomicInteger endpoints = new AtomicInteger();
    private final ReentrantLock forgetting = new ReentrantLock();
    private final AtomicLong roomSoughtInSlot = new AtomicLong(-1);
    private final LiveTail tail;

    /** Has counted nothing. */
    public CallStatistics() {
        this(TimeSource.system());
    }

    CallStatistics(TimeSource time) {
        this.time = time;
        startedNanos = time.nanoTime();
        tail = new LiveTail(time.now());
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        String cluster = call.cluster();
        ServiceCalls calls = cluster == null ? callsOfHost(call) : callsOfCluster(cluster);
        while (!calls.begin()) {
            boolean unused = (cluster == null ? hosts : clusters).values().remove(calls);
            calls = cluster == null ? callsOfHost(call) : callsOfCluster(cluster);
        }
        return new CountedCall(calls, call);
    }

    private ServiceCalls callsOfCluster(String cluster) {
        ServiceCalls known = clusters.get(cluster);
        if (known != null) {
            return known;
        }
        return hasRoom(clusters, MOST_CLUSTERS)
                ? clusters.computeIfAbsent(cluster, name -> begun(ServiceCalls.ofCluster(name)))
                : otherServices;
    }

    private ServiceCalls callsOfHost(StartedCall call) {
        boolean outside = call.handling() == StartedCall.Handling.PASSED_THROUGH;
        ServiceCalls.Kind kind = outside ? ServiceCalls.Kind.OUTSIDE : ServiceCalls.Kind.MESH;
        String authority = shortened(call.head().authority(), 200);
        String key = outside ? authority : authority + " ";
        ServiceCalls known = hosts.get(key);
        if (known != null) {
            return known;
        }
        return hasRoom(hosts, MOST_HOSTS)
                ? hosts.computeIfAbsent(key, made -> begun(new ServiceCalls(kind, authority, 0, "")))
                : otherHosts;
    }

    private ServiceCalls begun(ServiceCalls calls) {
        calls.window.begin(sinceStartNanos());
        return calls;
    }

    private boolean hasRoom(ConcurrentHashMap<String, ServiceCalls> table, int most) {
        return table.mappingCount() < most || (hasSoughtRoom() && table.mappingCount() < most);
    }

    /**
     * Forgets what was not called of late, once a slot at most: calls to ever new destinations do not each look through all that
     * are known.
     */
    private boolean hasSoughtRoom() {
        long slot = Window.slotOf(sinceStartNanos());
        long before = roomSoughtInSlot.get();
        boolean seeks = before < slot && roomSoughtInSlot.compareAndSet(before, slot);
        if (seeks) {
            forget();
        }
        return seeks;
    }

    private @Nullable EndpointCalls callsOfEndpoint(ServiceCalls calls, Endpoint endpoint) {
        EndpointCalls known = calls.endpoints.get(endpoint.id());
        if (known != null) {
            return known;
        }
        boolean full = endpoints.get() >= MOST_ENDPOINTS && !(hasSoughtRoom() && endpoints.get() < MOST_ENDPOINTS);
        return full
                ? null
                : calls.endpoints.computeIfAbsent(endpoint.id(), made -> {
                    int unused = endpoints.incrementAndGet();
                    EndpointCalls begun = new EndpointCalls(endpoint);
                    begun.window.begin(sinceStartNanos());
                    return begun;
                });
    }

    long sinceStartNanos() {
        return time.nanoTime() - startedNanos;
    }

    /** Seconds of which counts tell: a minute, less at first. */
    double seconds() {
        long now = sinceStartNanos();
        long slotSeconds = TimeUnit.SECONDS.toNanos(Window.SLOT_SECONDS);
        long covered = Window.SLOTS * slotSeconds + now % slotSeconds;
        return Math.max(1, Math.min(now, covered) / 1e9);
    }

    LiveTail tail() {
        return tail;
    }

    /** All that were called of late; forgets the others. */
    List<ServiceCalls> all() {
        long oldest = forget();
        List<ServiceCalls> all = new ArrayList<>(clusters.values());
        all.addAll(hosts.values());
        for (ServiceCalls others : List.of(otherServices, otherHosts)) {
            if (others.inFlight() > 0 || !others.window.idleSince(oldest)) {
                all.add(others);
            }
        }
        return all;
    }

    /** Returns the oldest slot of which something is kept. One thread at a time, or endpoints would be taken off twice. */
    private long forget() {
        long oldest = Window.slotOf(sinceStartNanos()) - FORGOTTEN_AFTER_SLOTS;
        forgetting.lock();
        try {
            forget(clusters.values(), oldest);
            forget(hosts.values(), oldest);
        } finally {
            forgetting.unlock();
        }
        return oldest;
    }

    private void forget(Collection<ServiceCalls> kept, long oldestSlot) {
        kept.removeIf(calls -> {
            boolean idle = calls.window.idleSince(oldestSlot) && calls.forget();
            calls.endpoints.values().removeIf(endpoint -> {
                boolean gone = idle || endpoint.window.idleSince(oldestSlot);
                if (gone) {
                    int unused = endpoints.decrementAndGet();
                }
                return gone;
            });
            return idle;
        });
    }

    private static Count judged(int status) {
        return status >= 500 ? Count.FAILED : status >= 400 ? Count.CLIENT_ERROR : Count.OK;
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    /** One call; its events come one after the other. */
    private final class CountedCall implements CallObservation {
        private final ServiceCalls calls;
        private final String method;
        private final String authority;
        private final String pathAndQuery;
        private final String rule;
        private final String route;
        private final ToldAttempt attempts = new ToldAttempt();

        CountedCall(ServiceCalls calls, StartedCall call) {
            this.calls = calls;
            method = call.head().method();
            authority = call.head().authority();
            pathAndQuery = call.head().pathAndQuery();
            rule = call.virtualService();
            route = call.route();
        }

        @Override
        public List<HeaderField> attemptStarted(StartedAttempt attempt) {
            attempts.started(attempt);
            return List.of();
        }

        @Override
        public void responseStarted(int attempt, int status, long nanos) {
            boolean unused = attempts.answered(attempt);
        }

        @Override
        public void attemptEnded(EndedAttempt attempt) {
            boolean unused = attempts.ended(attempt.number());
            Endpoint called = attempt.endpoint();
            EndpointCalls counted = called == null ? null : callsOfEndpoint(calls, called);
            if (counted != null) {
                counted.window.count(judged(attempt.outcome()), attempt.totalNanos(), sinceStartNanos());
            }
        }

        private Count judged(Outcome outcome) {
            if (outcome instanceof Outcome.Responded responded) {
                return CallStatistics.judged(responded.status());
            }
            return outcome instanceof Outcome.Canceled ? Count.CANCELED : Count.FAILED;
        }

        @Override
        public void retried(Retry retry) {
            calls.window.count(Count.RETRIES, sinceStartNanos());
        }

        @Override
        public void overflowed(Overflow overflow) {
            calls.window.count(Count.OVERFLOWS, sinceStartNanos());
        }

        @Override
        public void ended(EndedCall call) {
            calls.end();
            ResponseFlag flag = call.flag();
            Count count = flag == ResponseFlag.DC
                    ? Count.CANCELED
                    : flag != null ? Count.FAILED : CallStatistics.judged(call.status());
            calls.window.count(count, call.totalNanos(), sinceStartNanos());
            tail.add(number -> entry(number, call));
        }

        private TailEntry entry(long number, EndedCall call) {
            StartedAttempt told = attempts.get();
            int query = pathAndQuery.indexOf('?');
            return new TailEntry(
                    number,
                    time.now(),
                    shortened(method, 20),
                    shortened(authority, 200),
                    shortened(query < 0 ? pathAndQuery : pathAndQuery.substring(0, query), 300),
                    query >= 0,
                    call.status(),
                    call.flag(),
                    calls.host,
                    rule,
                    route,
                    told == null ? null : told.endpoint(),
                    call.attempts(),
                    call.totalNanos());
        }
    }
}
