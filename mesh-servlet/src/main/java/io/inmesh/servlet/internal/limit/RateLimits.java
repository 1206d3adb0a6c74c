package io.inmesh.servlet.internal.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import io.inmesh.call.RequestHead;
import io.inmesh.model.IpAddress;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.servlet.policy.RateLimit.Key;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts requests by the limits of one gateway or filter. What it counts for each key is bounded. Thread-safe; never blocks. */
public final class RateLimits {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);

    /** Keys of one limit; of more, those that are used least are forgotten and begin anew. */
    static final int MOST_KEYS = 100_000;

    private static final int LONGEST_KEPT = 64;
    private static final int NETWORK_BYTES = 8;
    private static final long NANOS_OF_SECOND = 1_000_000_000L;

    private final List<Counted> limits;

    /** A limit with what it has counted. */
    private record Counted(
            RateLimit limit, RateLimiterConfig config, Cache<List<String>, AtomicRateLimiter> counters) {}

    private final PathPolicy paths;
    private final LongSupplier nanos;

    /**
     * Makes limits ready.
     *
     * @param paths in which form paths come in
     * @param nanos comparable by difference only
     */
    public RateLimits(Collection<RateLimit> limits, PathPolicy paths, LongSupplier nanos) {
        this.paths = paths;
        this.nanos = nanos;
        this.limits = limits.stream().map(this::counted).toList();
    }

    private Counted counted(RateLimit limit) {
        RateLimiterConfig config = RateLimiterConfig.custom()
                .limitForPeriod(limit.permits())
                .limitRefreshPeriod(limit.period())
                .timeoutDuration(Duration.ZERO)
                .build();
        Cache<List<String>, AtomicRateLimiter> counters = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .expireAfterAccess(limit.period().multipliedBy(2))
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
        return new Counted(limit, config, counters);
    }

    /** Whether nothing is limited. */
    public boolean isEmpty() {
        return limits.isEmpty();
    }

    /**
     * Counts a request by each limit that concerns it, in their order, up to the first that refuses it. What those before
     * have counted stays counted.
     *
     * @param head as it is judged and sent on: the client's address is behind trusted proxies
     * @param virtualService {@code namespace/name}
     * @param route may be empty
     * @return 0 when it may pass, else the whole seconds after which another one may
     */
    public long secondsToWait(RequestHead head, String virtualService, String route, String virtualHost) {
        String path = null;
        for (Counted each : limits) {
            RateLimit limit = each.limit;
            if (path == null && !limit.path().isEmpty()) {
                path = paths.judged(head.pathAndQuery());
            }
            boolean concerned = (limit.virtualService().isEmpty()
                            || limit.virtualService().equals(virtualService))
                    && (limit.route().isEmpty() || limit.route().equals(route))
                    && (limit.virtualHost().isEmpty() || limit.virtualHost().equals(virtualHost))
                    && (path == null || limit.path().isEmpty() || isWithin(limit.path(), path));
            if (!concerned) {
                continue;
            }
            List<String> key = key(limit, head, virtualService + " " + route, virtualHost);
            AtomicRateLimiter counter = each.counters.get(key, any -> counter(each.config));
            if (!counter.acquirePermission(1)) {
                LOG.debug("Limit \"{}\" is used up", limit.name());
                long wait = counter.getDetailedMetrics().getNanosToWait();
                return Math.max(1, (wait + NANOS_OF_SECOND - 1) / NANOS_OF_SECOND);
            }
        }
        return 0;
    }

    /** Whether a path is this one or below it. */
    private static boolean isWithin(String top, String path) {
        return path.startsWith(top)
                && (path.length() == top.length() || top.endsWith("/") || path.charAt(top.length()) == '/');
    }

    /** How many keys are counted. */
    long keys() {
        limits.forEach(each -> each.counters.cleanUp());
        return limits.stream().mapToLong(each -> each.counters.estimatedSize()).sum();
    }

    private AtomicRateLimiter counter(RateLimiterConfig config) {
        return new AtomicRateLimiter("inmesh", config, () -> nanos.getAsLong());
    }

    private static List<String> key(RateLimit limit, RequestHead head, String route, String virtualHost) {
        if (limit.keys().isEmpty()) {
            return List.of();
        }
        List<String> key = new ArrayList<>(limit.keys().size());
        for (Key part : limit.keys()) {
            key.add(
                    switch (part.part()) {
                        case ROUTE -> route;
                        case VIRTUAL_HOST -> virtualHost;
                        case CLIENT -> client(head.callerAddress());
                        case HEADER -> header(head, part.name());
                        case CLAIM -> kept(String.valueOf(head.claims().getOrDefault(part.name(), "")));
                    });
        }
        return key;
    }

    /** Whoever has one IPv6 address has the other 2^64 of its network too. */
    private static String client(String text) {
        IpAddress address = IpAddress.parse(text);
        if (address == null || !address.unmapped().isV6()) {
            return text;
        }
        try {
            return HexFormat.of().formatHex(address.toInetAddress().getAddress(), 0, NETWORK_BYTES);
        } catch (UnknownHostException otherInterface) {
            return text;
        }
    }

    private static String header(RequestHead head, String name) {
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < head.headerCount(); i++) {
            if (head.headerName(i).equalsIgnoreCase(name)) {
                values.append(values.length() == 0 ? "" : ",").append(head.headerValue(i));
            }
        }
        return kept(values.toString());
    }

    private static String kept(String value) {
        return value.length() <= LONGEST_KEPT ? value : digest(value);
    }

    /** So that long values take no more memory than short ones. */
    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
