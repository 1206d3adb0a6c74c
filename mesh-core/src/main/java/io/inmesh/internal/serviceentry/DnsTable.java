package io.inmesh.internal.serviceentry;

import io.inmesh.internal.time.Backoff;
import io.inmesh.internal.time.ControlThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The names that are followed, each with the addresses of its latest good answer, looked up again and again. Lookups run on
 * threads that may wait; everything else, and all state, is on the control thread. A failure or an empty answer never
 * replaces a good one.
 */
public final class DnsTable implements DnsAnswers {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final DnsLookup lookup;
    private final Predicate<String> rests;
    private final long ttlNanos;
    private final Backoff backoff;
    private final ControlThread thread;
    private final Executor blocking;
    private final Runnable changed;
    private final Map<String, Name> names = new HashMap<>();

    /**
     * Makes an empty table.
     *
     * @param rests whether an address could not be connected to lately; asked on the control thread
     * @param blocking runs lookups, which wait
     * @param changed told on the control thread when some answer has changed
     */
    public DnsTable(
            DnsSettings settings, Predicate<String> rests, ControlThread thread, Executor blocking, Runnable changed) {
        this(
                new DnsLookup(settings.resolver(), settings.family(), OwnAddresses::areOnlyIpv6),
                settings.ttl(),
                rests,
                thread,
                blocking,
                changed);
    }

    DnsTable(
            DnsLookup lookup,
            Duration ttl,
            Predicate<String> rests,
            ControlThread thread,
            Executor blocking,
            Runnable changed) {
        this.lookup = lookup;
        this.rests = rests;
        this.ttlNanos = ttl.toNanos();
        this.backoff = new Backoff(FIRST_PAUSE, ttl);
        this.thread = thread;
        this.blocking = blocking;
        this.changed = changed;
    }

    private static final class Name {
        private final String host;
        private final long startedNanos;
        private List<String> addresses = List.of();
        private @Nullable String first;
        private DnsLookup.@Nullable Failure failure;
        private int failures;
        private boolean answered;
        private boolean followed = true;
        private @Nullable Future<?> next;

        Name(String host, long startedNanos) {
            this.host = host;
            this.startedNanos = startedNanos;
        }
    }

    /** Follows these names and no others; new ones are looked up at once. */
    public void follow(Set<String> wanted) {
        names.values().removeIf(name -> {
            if (wanted.contains(name.host)) {
                return false;
            }
            name.followed = false;
            if (name.next != null) {
                name.next.cancel(false);
            }
            return true;
        });
        for (String host : wanted) {
            if (!names.containsKey(host)) {
                Name name = new Name(host, thread.time().nanoTime());
                names.put(host, name);
                lookUp(name);
            }
        }
    }

    /**
     * How long the first answers about these names are still to be waited for; a failure is an answer too.
     *
     * @param waitNanos longest wait for one answer
     * @return 0 when all are there or have been waited for
     */
    public long waitNanos(Set<String> hosts, long waitNanos) {
        long now = thread.time().nanoTime();
        long longest = 0;
        for (String host : hosts) {
            Name name = names.get(host);
            if (name != null && !name.answered) {
                longest = Math.max(longest, name.startedNanos + waitNanos - now);
            }
        }
        return longest;
    }

    /** Whether there has been no answer about a name yet, good or bad; also of a name that is not followed. */
    public boolean isAwaited(String host) {
        Name name = names.get(host);
        return name == null || !name.answered;
    }

    @Override
    public List<String> addresses(String host) {
        Name name = names.get(host);
        return name == null ? List.of() : name.addresses;
    }

    @Override
    public @Nullable String firstAddress(String host) {
        Name name = names.get(host);
        return name == null ? null : name.first;
    }

    @Override
    public @Nullable String failure(String host) {
        Name name = names.get(host);
        return name == null || name.failure == null ? null : name.failure.reason();
    }

    @Override
    public String fix(String host) {
        Name name = names.get(host);
        return name == null || name.failure == null ? "" : name.failure.fix();
    }

    private void lookUp(Name name) {
        if (name.followed) {
            blocking.execute(() -> {
                DnsLookup.Result result = lookup.lookUp(name.host);
                thread.executor().execute(() -> take(name, result));
            });
        }
    }

    private void take(Name name, DnsLookup.Result result) {
        if (!name.followed) {
            return;
        }
        boolean news = !name.answered;
        name.answered = true;
        DnsLookup.Failure failure = result.failure();
        news |= (failure == null) != (name.failure == null);
        name.failure = failure;
        if (failure == null) {
            name.failures = 0;
            news |= takeAddresses(name, result.addresses());
        } else {
            name.failures++;
        }
        long wait = failure == null
                ? Backoff.upToAFifthSooner(ttlNanos, thread.random())
                : backoff.nearlyWholeWindow(name.failures, thread.random());
        name.next = thread.after(wait, () -> lookUp(name));
        if (news) {
            changed.run();
        }
    }

    private boolean takeAddresses(Name name, List<String> answer) {
        String first = first(name.first, answer);
        List<String> sorted = answer.stream().sorted().toList();
        boolean changed = !first.equals(name.first) || !sorted.equals(name.addresses);
        name.first = first;
        name.addresses = sorted;
        return changed;
    }

    /** Servers rotate their answers; going along would move all traffic at every lookup. */
    private String first(@Nullable String before, List<String> answer) {
        String first = before != null && answer.contains(before) ? before : answer.get(0);
        if (answer.size() == 1 || !rests.test(first)) {
            return first;
        }
        return answer.stream().filter(rests.negate()).findFirst().orElse(first);
    }
}
