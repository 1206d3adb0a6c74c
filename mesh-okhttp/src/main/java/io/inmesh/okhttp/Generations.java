package io.inmesh.okhttp;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Which connections to an endpoint may be used: those of its newest generation. Where a call has met one dead connection
 * after the other in the pool, the rest of that endpoint's are likely dead as well, and a new generation leaves them to
 * the pool's keep-alive. The connections to other endpoints stay in use. Thread-safe; a look costs one volatile read.
 */
final class Generations {
    /** Endpoints for which it was ever needed are few; beyond that, the oldest are forgotten along with the rest. */
    private static final int MOST_ENDPOINTS = 256;

    private volatile Map<InetSocketAddress, Integer> newest = Map.of();
    private int last;

    /** The generation of an endpoint's connections, 0 at first. */
    int of(InetSocketAddress endpoint) {
        Map<InetSocketAddress, Integer> known = newest;
        return known.isEmpty() ? 0 : known.getOrDefault(endpoint, 0);
    }

    /**
     * Begins a new generation, which no endpoint has had before, unless somebody else has done so meanwhile.
     *
     * @param used whose connections were dead
     */
    synchronized int after(int used, InetSocketAddress endpoint) {
        int newer = of(endpoint);
        if (newer != used) {
            return newer;
        }
        Map<InetSocketAddress, Integer> known = newest;
        Map<InetSocketAddress, Integer> changed =
                known.size() < MOST_ENDPOINTS ? new HashMap<>(known) : new HashMap<>();
        changed.put(endpoint, ++last);
        newest = Map.copyOf(changed);
        return last;
    }
}
