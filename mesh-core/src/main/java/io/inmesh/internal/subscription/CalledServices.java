package io.inmesh.internal.subscription;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Services that are followed because calls name them, for as long as they are called. Knows too which of the services that
 * rules need are called, so that they stay when the rules go. Control thread only.
 */
final class CalledServices {
    private static final int MOST = 1_000;

    /** Hosts of the internet look like services of a namespace, and each namespace costs a source watches. */
    private static final int MOST_IN_VAIN = 50;

    private final Duration idle;
    private final Duration betweenLooks;
    private final TimeSource time;
    private final Duration memory;
    private final Cache<ServiceName, Called> services;
    private final List<HostLookup> unsettled = new ArrayList<>();

    /** Services that were called and did not exist, with the nanoseconds of the answer, oldest first. */
    private final Map<ServiceName, Long> inVain = new LinkedHashMap<>();

    /** Services that rules need and calls name, with the nanoseconds of the look that found the newest call. */
    private final Map<ServiceName, Long> calledByRule = new HashMap<>();

    private static final class Called {
        private boolean known;
    }

    /** What sources say about a service. */
    enum Answer {
        /** Some source knows it. */
        KNOWN,
        /** No source knows it. */
        ABSENT,
        /** Not all have spoken, and none knows it. */
        PENDING
    }

    /**
     * Holds nothing yet.
     *
     * @param dropped hears of each service that was not called for the idle time
     */
    CalledServices(SubscriptionSettings settings, TimeSource time, Consumer<ServiceName> dropped) {
        this.idle = settings.idleServices();
        this.betweenLooks = idle.dividedBy(10);
        this.time = time;
        this.memory = settings.memoryOfAbsence();
        this.services = Caffeine.newBuilder()
                .maximumSize(MOST)
                // A use is noticed at the next look.
                .expireAfterAccess(idle.plus(betweenLooks))
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .evictionListener((@Nullable ServiceName service, @Nullable Called called, RemovalCause cause) -> {
                    // One that found no room is not asked for again at once; one that was idle is.
                    if (service != null && cause == RemovalCause.EXPIRED) {
                        dropped.accept(service);
                    }
                })
                .build();
    }

    /** Follows the services of a lookup, which is settled when their first answers are in force. */
    void add(HostLookup lookup) {
        for (ServiceName service : lookup.services()) {
            Called unused = services.get(service, name -> new Called());
        }
        unsettled.add(lookup);
    }

    /** Those to be followed now. */
    Set<ServiceName> names() {
        services.cleanUp();
        long now = time.nanoTime();
        inVain.values().removeIf(answered -> inVain.size() > MOST_IN_VAIN || now - answered >= memory.toNanos());
        Set<ServiceName> names = new HashSet<>(services.asMap().keySet());
        names.addAll(inVain.keySet());
        return Set.copyOf(names);
    }

    /**
     * Moves those that turn out not to exist to the ones called in vain, which are watched on for as long as they would not
     * be asked for again, and moves back those that have been created since.
     */
    void judge(Function<ServiceName, Answer> answers) {
        services.asMap().entrySet().removeIf(entry -> {
            Answer answer = answers.apply(entry.getKey());
            Called called = entry.getValue();
            called.known |= answer == Answer.KNOWN;
            // One that has existed is often created anew, so it is followed on.
            boolean absent = answer == Answer.ABSENT && !called.known;
            if (absent) {
                inVain.remove(entry.getKey());
                inVain.put(entry.getKey(), time.nanoTime());
            }
            return absent;
        });
        inVain.keySet().removeIf(service -> {
            boolean created = answers.apply(service) == Answer.KNOWN;
            if (created) {
                Called called = new Called();
                called.known = true;
                services.put(service, called);
            }
            return created;
        });
    }

    /**
     * Keeps those that were called since the table was made or looked at last.
     *
     * @param named services that rules need in the table
     */
    void keepUsed(RouteTable routes, Set<ServiceName> named) {
        for (ServiceName service : services.asMap().keySet()) {
            if (!named.contains(service) && routes.takeUsed(service.host())) {
                Called unused = services.getIfPresent(service);
            }
        }
        calledByRule.keySet().retainAll(named);
        for (ServiceName service : named) {
            if (routes.takeUsed(service.host())) {
                calledByRule.put(service, time.nanoTime());
                Called unused = services.getIfPresent(service);
            }
        }
    }

    /**
     * Follows a service that no rule needs any more, if calls have named it within the idle time.
     *
     * @return whether it is followed now and was not before
     */
    boolean takeOver(ServiceName service) {
        Long lastCall = calledByRule.remove(service);
        boolean taken = lastCall != null
                && time.nanoTime() - lastCall < idle.toNanos()
                && services.getIfPresent(service) == null;
        if (taken) {
            services.put(service, new Called());
        }
        return taken;
    }

    /** Settles the lookups whose answer is in force, and those that will have none. */
    void settle(Function<ServiceName, Answer> answers) {
        unsettled.removeIf(lookup -> {
            boolean over = lookup.services().stream()
                    .noneMatch(service ->
                            services.asMap().containsKey(service) && answers.apply(service) == Answer.PENDING);
            if (over) {
                lookup.settle();
            }
            return over;
        });
    }

    /** How often {@link #keepUsed} should look. */
    Duration betweenLooks() {
        return betweenLooks;
    }

    /** Follows nothing any more, and ends all waits. */
    void close() {
        services.invalidateAll();
        inVain.clear();
        calledByRule.clear();
        unsettled.forEach(HostLookup::settle);
        unsettled.clear();
    }
}
