package io.inmesh.inbound;

import io.inmesh.call.HeaderField;
import io.inmesh.model.HeaderName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What a request that came in leaves for the calls that are made on its behalf. Immutable.
 *
 * <p>While a context is {@linkplain #open open} on a thread, each call of the mesh that is made there
 *
 * <ul>
 *   <li>carries its headers, but for those of a name that the caller has set itself. Rules see them as if the caller had
 *       set them. They are not sent to hosts outside of the mesh: those that the mesh does not know and passes through, and
 *       those of a ServiceEntry whose {@code location} is MESH_EXTERNAL, which it is unless it is written, but for a name
 *       of the cluster such as {@code reviews.default.svc.cluster.local};
 *   <li>ends by its deadline, when that is sooner than the timeout of the route, and says how much is left in {@code
 *       x-envoy-expected-rq-timeout-ms}. With nothing left it fails at once with a {@link io.inmesh.call.MeshException} of
 *       flag UT. Calls that are passed through have no deadline;
 *   <li>is made again only where its server has seen nothing of it, when the request is itself a repeated one.
 * </ul>
 *
 * <p>A thread has its own context. One that is started meanwhile, or does work of an executor, has none, unless executor or
 * work are wrapped by {@code propagating}.
 */
public final class InboundContext {
    private final Map<String, List<String>> headers;
    private final List<HeaderField> headerFields;
    private final @Nullable Long deadlineNanos;
    private final CallerIdentity caller;
    private final int attempt;

    private InboundContext(Builder builder) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        List<HeaderField> fields = new ArrayList<>();
        builder.headers.forEach((name, values) -> {
            copy.put(name, List.copyOf(values));
            values.forEach(value -> fields.add(new HeaderField(name, value)));
        });
        headers = Collections.unmodifiableMap(copy);
        headerFields = List.copyOf(fields);
        deadlineNanos = builder.deadlineNanos;
        caller = builder.caller;
        attempt = builder.attempt;
    }

    /** Starts a context without headers, without a deadline, of an unknown caller. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        headerFields.forEach(field -> copy.header(field.name(), field.value()));
        return copy.deadlineNanos(deadlineNanos).caller(caller).attempt(attempt);
    }

    /** The context that is current on this thread; null when there is none. */
    public static @Nullable InboundContext current() {
        return Scope.current();
    }

    /** Makes this the current context of the thread, until the scope is closed. */
    public Scope open() {
        return Scope.open(this);
    }

    /**
     * {@link #open} for a context that may be none.
     *
     * @param context null for none to be current, for work that is on nobody's behalf
     */
    public static Scope open(@Nullable InboundContext context) {
        return Scope.open(context);
    }

    /** Headers to hand on, by name in lower case, in the order in which they were added; values in order. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** {@link #headers} as lines. */
    public List<HeaderField> headerFields() {
        return headerFields;
    }

    /**
     * The first value of a header to hand on.
     *
     * @param name in any case
     * @return null when there is none
     */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.get(0);
    }

    /**
     * When the request is to be answered, as {@link System#nanoTime} counts, and so comparable by difference only; null for
     * no such time.
     */
    public @Nullable Long deadlineNanos() {
        return deadlineNanos;
    }

    /** Who sent the request. */
    public CallerIdentity caller() {
        return caller;
    }

    /**
     * By which attempt of its caller the request came, as {@link io.inmesh.call.Attempt#COUNT_HEADER} told; 1 when it did not. Calls
     * on behalf of a repeated request are not repeated once their server may have seen them: the caller's retries and these
     * would multiply.
     */
    public int attempt() {
        return attempt;
    }

    /** The same for work that goes on when the request has been answered. */
    public InboundContext withoutDeadline() {
        return deadlineNanos == null ? this : toBuilder().deadlineNanos(null).build();
    }

    /** Work that runs with this context, on whatever thread, however often. */
    public Runnable carriedBy(Runnable work) {
        return propagating(this, work);
    }

    /** Work that runs with the context that is current now, on whatever thread, however often. */
    public static Runnable propagating(Runnable work) {
        return propagating(current(), work);
    }

    /** Work that runs with the context that is current now, on whatever thread, however often. */
    public static <T extends @Nullable Object> Callable<T> propagating(Callable<T> work) {
        return propagating(current(), work);
    }

    /** An executor whose work runs with the context that is current when it is handed over. */
    public static Executor propagating(Executor executor) {
        return work -> executor.execute(propagating(work));
    }

    /** An executor whose work runs with the context that is current when it is handed over. */
    public static ExecutorService propagating(ExecutorService executor) {
        return new PropagatingExecutorService(executor);
    }

    /**
     * An executor whose work runs with the context that is current when it is handed over. What it repeats has no deadline:
     * it goes on after the request is answered.
     */
    public static ScheduledExecutorService propagating(ScheduledExecutorService executor) {
        return new PropagatingScheduledExecutorService(executor);
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    static Runnable propagating(@Nullable InboundContext context, Runnable work) {
        Objects.requireNonNull(work, "work");
        return () -> {
            try (Scope scope = Scope.open(context)) {
                work.run();
            }
        };
    }

    @SuppressWarnings("try") // As above.
    static <T extends @Nullable Object> Callable<T> propagating(@Nullable InboundContext context, Callable<T> work) {
        Objects.requireNonNull(work, "work");
        return () -> {
            try (Scope scope = Scope.open(context)) {
                return work.call();
            }
        };
    }

    /** Names of headers, time left and caller; no values, which may be personal. */
    @Override
    public String toString() {
        return "InboundContext[" + headers.keySet() + (deadlineNanos == null ? "" : ", deadline") + ", " + caller + "]";
    }

    /** Collects a context; not thread-safe. */
    public static final class Builder {
        /** Leaves room for what calls add to it. */
        private static final int MOST_ATTEMPTS = 1_000_000;

        private final Map<String, List<String>> headers = new LinkedHashMap<>();
        private @Nullable Long deadlineNanos;
        private CallerIdentity caller = CallerIdentity.UNKNOWN;
        private int attempt = 1;

        private Builder() {}

        /**
         * Adds a header line to hand on.
         *
         * @param name in any case
         * @throws IllegalArgumentException when the name is not one of a header, or the value holds a control character
         */
        public Builder header(String name, String value) {
            if (!HeaderName.isValid(name)) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is not the name of a header; it is made of " + HeaderName.CHARACTERS);
            }
            if (!HeaderField.isSendable(value)) {
                throw new IllegalArgumentException("the value of header " + name + " holds a control character");
            }
            headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>(1))
                    .add(value);
            return this;
        }

        /** When the request is to be answered, as {@link System#nanoTime} counts; null for no such time. */
        public Builder deadlineNanos(@Nullable Long newDeadlineNanos) {
            deadlineNanos = newDeadlineNanos;
            return this;
        }

        /** Who sent the request; {@link CallerIdentity#UNKNOWN} unless told. */
        public Builder caller(CallerIdentity newCaller) {
            caller = newCaller;
            return this;
        }

        /** By which attempt of its caller the request came; 1 unless told, and for what is less. A million is as good as more. */
        public Builder attempt(int newAttempt) {
            attempt = Math.max(1, Math.min(newAttempt, MOST_ATTEMPTS));
            return this;
        }

        /** The context. */
        public InboundContext build() {
            return new InboundContext(this);
        }
    }
}
