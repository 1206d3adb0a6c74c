package io.inmesh.spring.boot.four;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/**
 * Cookies of one client, kept in memory and sent by the logical URL (RFC 6265, as OkHttp reads it). OkHttp asks for each
 * hop of a redirect anew, so that no host sees another's. Thread-safe.
 */
final class MemoryCookieJar implements CookieJar {
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Cookie> kept = new ArrayList<>();

    MemoryCookieJar(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
        lock.lock();
        try {
            for (Cookie cookie : cookies) {
                kept.removeIf(older -> older.name().equals(cookie.name())
                        && older.domain().equals(cookie.domain())
                        && older.path().equals(cookie.path()));
                kept.add(cookie);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
        lock.lock();
        try {
            kept.removeIf(cookie -> cookie.expiresAt() <= clock.millis());
            return kept.stream().filter(cookie -> cookie.matches(url)).toList();
        } finally {
            lock.unlock();
        }
    }
}
