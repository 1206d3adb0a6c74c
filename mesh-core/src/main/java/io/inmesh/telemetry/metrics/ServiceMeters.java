package io.inmesh.telemetry.metrics;

import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.Overflow;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The meters of the calls of one subset of a service. Thread-safe. */
final class ServiceMeters {
    private final CallMeters meters;
    private final String service;
    private final String subset;

    /** Calls under way, of all subsets. */
    private final LongAdder active;

    private final ConcurrentMap<String, CodeTable<Timer>> requests = new ConcurrentHashMap<>();
    private final CodeTable<Timer> attempts;
    private final CodeTable<Counter> retries;
    private final ConcurrentMap<Overflow, Counter> overflows = new ConcurrentHashMap<>();
    private final ConcurrentMap<HedgeResult, Counter> hedges = new ConcurrentHashMap<>();
    private final ConcurrentMap<EndedCopy.Result, Counter> mirrored = new ConcurrentHashMap<>();

    ServiceMeters(CallMeters meters, String service, String subset, LongAdder active) {
        this.meters = meters;
        this.service = service;
        this.subset = subset;
        this.active = active;
        this.attempts = new CodeTable<>(
                CallMeters.CODES_OF_A_ROUTE, (status, flag) -> meters.attempts(service, subset, status, flag));
        this.retries =
                new CodeTable<>(CallMeters.CODES_OF_A_ROUTE, (status, flag) -> meters.retries(service, status, flag));
    }

    LongAdder active() {
        return active;
    }

    /** Timers of the calls of a route; null when it is one more than are told apart. */
    @Nullable
    CodeTable<Timer> requests(String route) {
        CodeTable<Timer> known = requests.get(route);
        return known == null ? newRequests(route) : known;
    }

    private @Nullable CodeTable<Timer> newRequests(String route) {
        if (meters.isFull()) {
            meters.warnOnce();
            return null;
        }
        return requests.computeIfAbsent(route, name -> meters.mayTellApart() ? timers(name) : null);
    }

    private CodeTable<Timer> timers(String route) {
        return new CodeTable<>(
                CallMeters.CODES_OF_A_ROUTE, (status, flag) -> meters.requests(service, subset, route, status, flag));
    }

    /** The timer of attempts that ended so. */
    Timer attempts(int status, @Nullable ResponseFlag flag) {
        return attempts.get(status, flag);
    }

    /** The counter of what a limit has kept from being sent. */
    Counter overflow(Overflow limit) {
        return overflows.computeIfAbsent(limit, exceeded -> meters.overflow(service, exceeded));
    }

    /** The counter of second attempts that this became of. */
    Counter hedges(HedgeResult result) {
        return hedges.computeIfAbsent(result, any -> meters.hedges(service, any));
    }

    /** The counter of copies that ended so. */
    Counter mirrored(EndedCopy.Result result) {
        return mirrored.computeIfAbsent(result, any -> meters.mirrored(service, any));
    }

    /** The counter of attempts that were made because one ended so. */
    Counter retries(int status, @Nullable ResponseFlag flag) {
        return retries.get(status, flag);
    }
}
