package io.inmesh.okhttp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.inmesh.inbound.InboundContext;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf calls are made: what was current where a call was executed or enqueued, since an enqueued call runs on
 * another thread, which may even be started by the end of another call. Thread-safe.
 */
final class CallContexts {
    /** Of calls that have begun, by identity, for as long as they live. */
    private static final Cache<Call, InboundContext> BEGUN =
            Caffeine.newBuilder().weakKeys().build();

    /** Whether anything was ever noted. Where no request ever comes in, calls look nothing up. */
    private static volatile boolean everNoted;

    private static final EventListener NOTE = new Note();

    /** OkHttp 5.1 and older cannot make one listener of two. */
    private static final boolean ADDS_UP = addsUp();

    private static final class Note extends EventListener {
        @Override
        public void callStart(Call call) {
            note(call);
        }
    }

    private CallContexts() {}

    private static boolean addsUp() {
        try {
            EventListener.class.getMethod("plus", EventListener.class);
            return true;
        } catch (NoSuchMethodException older) {
            return false;
        }
    }

    private static void note(Call call) {
        InboundContext current = InboundContext.current();
        if (current != null) {
            everNoted = true;
            BEGUN.put(call, current);
        }
    }

    /** The listeners that another factory makes, which note contexts too; the factory itself if they do so already. */
    static EventListener.Factory noting(EventListener.Factory own) {
        return own instanceof Noting ? own : new Noting(own);
    }

    private record Noting(EventListener.Factory own) implements EventListener.Factory {
        @Override
        public EventListener create(Call call) {
            EventListener listener = own.create(call);
            if (listener == EventListener.NONE) {
                return NOTE;
            }
            if (ADDS_UP) {
                return listener.plus(NOTE);
            }
            note(call);
            return listener;
        }
    }

    /** What a call carries: what its request says, else what was noted, else what is current; null for nothing. */
    static @Nullable InboundContext of(Call call, Request request) {
        InboundContext told = request.tag(InboundContext.class);
        if (told != null) {
            return told;
        }
        InboundContext begun = everNoted ? BEGUN.getIfPresent(call) : null;
        return begun == null ? InboundContext.current() : begun;
    }
}
