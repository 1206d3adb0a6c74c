package io.inmesh.internal.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Services that are followed because calls name them, for as long as they are called. Control thread only.
 */
final class CalledServices {
    private static final int MOST = 1_000;

    private final Duration betweenLooks;
    private final Cache<ServiceName, Called> services;
    private final List<Inquiry> unsettled = new ArrayList<>();

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
     * @param idle how long a service is kept that is not called
     * @param dropped hears of each service that was not called for so long
     */
    CalledServices(Duration idle, TimeSource time, Consumer<ServiceName> dropped) {
        this.betweenLooks = idle.dividedBy(10);
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

    /** Follows the service of an inquiry, which is settled when its first answer is in force. */
    void add(Inquiry inquiry) {
        ServiceName service = Objects.requireNonNull(inquiry.service(), "the service of an inquiry");
        Called unused = services.get(service, name -> new Called());
        unsettled.add(inquiry);
    }

    /** Those to be followed now. */
    Set<ServiceName> names() {
        services.cleanUp();
        return Set.copyOf(services.asMap().keySet());
    }

    /** Gives up those that turn out not to exist. */
    void judge(Function<ServiceName, Answer> answers) {
        services.asMap().entrySet().removeIf(entry -> {
            Answer answer = answers.apply(entry.getKey());
            Called called = entry.getValue();
            called.known |= answer == Answer.KNOWN;
            // Whoever existed once may come back.
            return answer == Answer.ABSENT && !called.known;
        });
    }

    /** Keeps those that were called since the table was made or looked at last. */
    void keepUsed(RouteTable routes) {
        for (ServiceName service : services.asMap().keySet()) {
            if (routes.takeUsed(service.host())) {
                Called unused = services.getIfPresent(service);
            }
        }
    }

    /** Settles the inquiries whose answer is in force, and those that will have none. */
    void settle(Function<ServiceName, Answer> answers) {
        unsettled.removeIf(inquiry -> {
            ServiceName service = inquiry.service();
            boolean over = service == null
                    || !services.asMap().containsKey(service)
                    || answers.apply(service) != Answer.PENDING;
            if (over) {
                inquiry.settle();
            }
            return over;
        });
    }

    /** How often {@link #keepUsed} should look. */
    Duration betweenLooks() {
        return betweenLooks;
    }

    /** Nobody waits any longer. */
    void close() {
        services.invalidateAll();
        unsettled.forEach(Inquiry::settle);
        unsettled.clear();
    }
}
