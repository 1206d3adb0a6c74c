package io.inmesh.inbound;

import org.jspecify.annotations.Nullable;

/**
 * The time for which a context is the current one of a thread: from {@link InboundContext#open} to {@link #close}. Scopes of
 * a thread nest. What is still open inside of a scope ends with it, so a thread that goes back to its pool takes nothing
 * along, whatever was forgotten meanwhile.
 *
 * <p>To be closed on the thread that opened it, best by try-with-resources. Closed on another one, it changes nothing there,
 * and ends on its own thread.
 */
public final class Scope implements AutoCloseable {
    /** The innermost of a thread. Without a value on threads that have none. */
    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

    private final @Nullable InboundContext context;
    private final @Nullable Scope outer;
    private volatile boolean closed;

    private Scope(@Nullable InboundContext context, @Nullable Scope outer) {
        this.context = context;
        this.outer = outer;
    }

    /**
     * Opens one on this thread.
     *
     * @param context null for none to be current
     */
    static Scope open(@Nullable InboundContext context) {
        Scope scope = new Scope(context, innermost());
        INNERMOST.set(scope);
        return scope;
    }

    /** What is current on this thread; null for nothing. */
    static @Nullable InboundContext current() {
        Scope scope = innermost();
        return scope == null ? null : scope.context;
    }

    /** The innermost of this thread that is open, and has no closed one around it. */
    private static @Nullable Scope innermost() {
        Scope innermost = INNERMOST.get();
        Scope open = innermost;
        for (Scope scope = innermost; scope != null; scope = scope.outer) {
            if (scope.closed) {
                open = scope.outer;
            }
        }
        if (open == null) {
            if (innermost != null) {
                INNERMOST.remove();
            }
        } else if (open != innermost) {
            INNERMOST.set(open);
        }
        return open;
    }

    /** What was current before is current again. Idempotent. */
    @Override
    public void close() {
        closed = true;
        Scope unused = innermost();
    }
}
