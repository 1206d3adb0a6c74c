package io.inmesh.servlet.internal.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.inmesh.model.JwtRule;
import io.inmesh.servlet.internal.jwt.RemoteKeys.Timing;
import io.inmesh.servlet.internal.time.Ticker;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of all issuers. Those that are fetched are shared by all rules that name them, for as long as one of them is in
 * use, so that a change of rules fetches nothing anew. Thread-safe.
 */
public final class KeySources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeySources.class);
    private static final Duration FILE_REFRESH = Duration.ofSeconds(10);
    private static final Duration HTTP_REFRESH = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(4);
    private static final Duration BETWEEN_HTTP = Duration.ofSeconds(30);
    private static final Duration BETWEEN_FILES = Duration.ofSeconds(10);

    /** Any caller can name a key that does not exist, and is not to hold threads by that. */
    private static final Duration LONGEST_WAIT_FOR_UNKNOWN = Duration.ofSeconds(1);

    private static final int MOST_WAITING = 1000;
    private static final int THREADS = 2;

    private final KeyFetcher fetcher;
    private final Executor background;
    private final Runnable end;
    private final LongSupplier nanos;
    private final Cache<Origin, RemoteKeys> remote;

    /** Where keys come from: an address, or an issuer that tells it. */
    private record Origin(@Nullable URI uri, String issuer, Duration timeout) {
        String name() {
            URI address = uri;
            return address == null ? "issuer " + issuer : address.toString();
        }
    }

    /** Makes sources. */
    KeySources(KeyFetcher fetcher, Executor background, Runnable end, LongSupplier nanos) {
        this.fetcher = fetcher;
        this.background = background;
        this.end = end;
        this.nanos = nanos;
        this.remote = Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
    }

    /** Sources with up to two daemon threads of their own, which end when there is nothing to do. */
    public static KeySources withOwnThreads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "inmesh-jwks-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return new KeySources(
                new KeyFetcher(GuardedSockets.offTheLink()), threads, threads::shutdownNow, Ticker.SYSTEM);
    }

    /** The keys that a rule names; none where it names them badly, with a warning. */
    KeySource of(JwtRule rule) {
        String inline = rule.jwks();
        if (inline != null && !inline.isEmpty()) {
            try {
                return KeySource.fixed(KeySet.parse(inline));
            } catch (ParseException e) {
                return none(rule, "its jwks cannot be read: " + e.getMessage());
            }
        }
        String written = rule.jwksUri();
        URI uri;
        try {
            uri = URI.create(written == null || written.isEmpty() ? rule.issuer() : written);
        } catch (IllegalArgumentException e) {
            return none(rule, "its jwksUri is no address: " + e.getMessage());
        }
        boolean discovered = written == null || written.isEmpty();
        if (!KeyFetcher.isFetchable(uri) || discovered && "file".equalsIgnoreCase(uri.getScheme())) {
            return none(
                    rule,
                    discovered
                            ? "it has neither jwks nor jwksUri, and its issuer is no address to ask"
                            : "its jwksUri is not one of file, http or https");
        }
        Origin origin = new Origin(discovered ? null : uri, discovered ? rule.issuer() : "", KeyFetcher.timeout(rule));
        return remote.get(origin, this::remote);
    }

    private RemoteKeys remote(Origin origin) {
        URI uri = origin.uri;
        boolean file = uri != null && "file".equalsIgnoreCase(uri.getScheme());
        Timing timing = new Timing(
                file ? FILE_REFRESH : HTTP_REFRESH,
                LONGEST,
                file ? BETWEEN_FILES : BETWEEN_HTTP,
                origin.timeout,
                origin.timeout.compareTo(LONGEST_WAIT_FOR_UNKNOWN) < 0 ? origin.timeout : LONGEST_WAIT_FOR_UNKNOWN);
        RemoteKeys.Fetch fetch = uri == null
                ? () -> fetcher.discover(origin.issuer, origin.timeout)
                : () -> fetcher.fetch(uri, origin.timeout);
        return new RemoteKeys(origin.name(), fetch, timing, background, nanos);
    }

    private static KeySource none(JwtRule rule, String why) {
        LOG.warn("Tokens of issuer {} ({}) are all refused: {}", rule.issuer(), rule.origin(), why);
        return KeySource.fixed(null);
    }

    /** Ends the threads; keys that were fetched stay usable for a while. */
    @Override
    public void close() {
        end.run();
    }
}
