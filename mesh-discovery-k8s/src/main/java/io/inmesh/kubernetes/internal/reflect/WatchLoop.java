package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiFailure;
import io.inmesh.kubernetes.internal.api.ApiResponse;
import io.inmesh.kubernetes.internal.reflect.Progress.Count;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus.State;
import io.inmesh.kubernetes.internal.reflect.Requests.Freshness;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.time.Timing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reflector's thread does: list, watch, wait, and again. Reflector's thread only. */
final class WatchLoop<T extends KubernetesObject> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLoop.class);

    private static final Duration CONFIRM_PAUSE = Duration.ofSeconds(1);
    private static final Duration SHORT_WATCH = Duration.ofSeconds(3);
    // A server sends its last bookmark two seconds before it ends a watch.
    private static final Duration BOOKMARK_LEAD = Duration.ofSeconds(5);

    private final String selection;
    private final ReflectorSettings settings;
    private final Timing timing;
    private final Lifecycle lifecycle;
    private final Progress progress;
    private final KnownState<T> knownState;
    private final Requests<T> requests;
    private final Lister<T> lister;
    private final EventParser<T> parser;
    private final Recovery recovery;
    private final Reread reread;

    private boolean watchLists = true;
    private boolean pinged = true;
    private boolean bookmarks;
    private long safetyAt;

    WatchLoop(
            Selection<T> selection,
            ReflectorSettings settings,
            Timing timing,
            Lifecycle lifecycle,
            Progress progress,
            KnownState<T> knownState,
            Recovery recovery) {
        this.selection = selection.toString();
        this.settings = settings;
        this.timing = timing;
        this.lifecycle = lifecycle;
        this.progress = progress;
        this.knownState = knownState;
        this.recovery = recovery;
        this.requests = new Requests<>(selection, settings);
        this.lister = new Lister<>(
                lifecycle,
                requests,
                selection.type().reader(),
                settings.pageSize(),
                senseless -> knownState.unreadable(senseless.key(), String.valueOf(senseless.getMessage())));
        this.reread = new Reread(settings.maxBackoff(), timing);
        this.parser = new EventParser<>(selection.type().reader());
    }

    /** Runs until it is closed. */
    void run() {
        lifecycle.pause(part(settings.startJitter()));
        while (!lifecycle.closed()) {
            try {
                if (knownState.canWatch()) {
                    watch();
                } else {
                    list();
                }
            } catch (IOException failure) {
                if (!lifecycle.closed()) {
                    recovery.after(failure);
                }
            } catch (RuntimeException | Error broken) {
                // A thread that dies would leave a table that nobody refreshes, and nobody would know.
                LOG.error("{}: reading failed in an unforeseen way", selection, broken);
                recovery.after(new IOException("unforeseen: " + broken, broken));
            }
        }
    }

    private void list() throws IOException {
        progress.is(State.LISTING);
        reread.begun();
        if (watchLists && watchList()) {
            return;
        }
        recovery.spread();
        progress.count(Count.LISTS);
        Freshness freshness = knownState.knowsNothing() ? new Freshness.Any() : new Freshness.Newest();
        believe(lister.list(freshness));
    }

    /** Returns whether the server offers this; where it does, the watch that followed has ended. */
    private boolean watchList() throws IOException {
        Duration life = life();
        Listing<T> initial;
        try (ApiResponse response = openWatchList(life)) {
            if (response == null) {
                return false;
            }
            progress.count(Count.LISTS);
            Watch<T> watch = begin(response, life);
            response.deadline(settings.listTimeout());
            initial = initialEvents(watch);
            response.clearDeadline();
            if (initial != null && !knownState.doubts(initial)) {
                accept(initial);
                follow(watch, true);
                return true;
            }
        }
        if (initial == null) {
            watchLists = false;
            return false;
        }
        believe(initial);
        return true;
    }

    private @Nullable ApiResponse openWatchList(Duration life) throws IOException {
        try {
            return lifecycle.open(requests.watchList(life));
        } catch (ApiFailure failure) {
            // What may not be watched may perhaps be listed, and if not, that answer names what is missing.
            if (failure.rejected() || failure.forbidden() || failure.notServed()) {
                watchLists = watchLists && !failure.rejected();
                return null;
            }
            throw failure;
        }
    }

    /** Returns null when the server does not end them as it would if it knew of WatchLists. */
    private @Nullable Listing<T> initialEvents(Watch<T> watch) throws IOException {
        Listing<T> initial = new Listing<>();
        try {
            while (true) {
                WatchEvent<T> event = watch.stream().next();
                if (event instanceof WatchEvent.Applied<T> applied) {
                    initial.put(applied.object());
                } else if (event instanceof WatchEvent.Deleted<T> deleted) {
                    initial.remove(deleted.key());
                } else if (event instanceof WatchEvent.Bookmark<T> bookmark && bookmark.initialEnd()) {
                    initial.endsAt(bookmark.resourceVersion());
                    return initial;
                } else if (event instanceof WatchEvent.Unreadable<T> unreadable) {
                    initial.unreadable(unreadable.key());
                    heardUnreadable(unreadable);
                } else if (event instanceof WatchEvent.Failed<T> failed) {
                    if (failed.failure().rejected()) {
                        return null;
                    }
                    throw failed.failure();
                } else if (event == null) {
                    return null;
                }
            }
        } catch (InterruptedIOException late) {
            return null;
        }
    }

    /** Takes a list over, unless it has so little of what is known that a second, consistent one has to agree. */
    private void believe(Listing<T> list) throws IOException {
        if (!knownState.doubts(list)) {
            accept(list);
            return;
        }
        progress.count(Count.SHRINK_DOUBTED);
        LOG.warn(
                "{}: the list has {} objects where more were known; a second one has to agree", selection, list.size());
        lifecycle.pause(CONFIRM_PAUSE);
        progress.count(Count.LISTS);
        Listing<T> second = lister.list(new Freshness.Newest());
        if (knownState.doubts(second)) {
            LOG.warn("{}: the second list has {} objects, too: the others are gone", selection, second.size());
        }
        accept(second);
    }

    private void accept(Listing<T> list) {
        knownState.replace(list);
        recovery.listed();
        if (safetyAt == 0) {
            safetyAt = timing.nanoTime() + safetyInterval();
        }
    }

    private void watch() throws IOException {
        if (reread.due()) {
            knownState.losePosition();
            return;
        }
        if (!settings.safetyRelist().isZero() && timing.nanoTime() - safetyAt >= 0) {
            compare();
        }
        Duration life = recovery.onProbation() ? settings.probation() : life();
        try (ApiResponse response = lifecycle.open(requests.watch(knownState.version(), life))) {
            follow(begin(response, life), false);
        }
    }

    /** Reads the state at the version known, so that each difference is one that events did not tell. */
    private void compare() throws IOException {
        safetyAt = timing.nanoTime() + safetyInterval();
        progress.count(Count.LISTS);
        Listing<T> list = lister.list(new Freshness.Exactly(knownState.version()));
        if (list.resourceVersion().equals(knownState.version())) {
            int drift = knownState.differences(list);
            progress.count(Count.DRIFT, drift);
            if (drift > 0) {
                LOG.error("{}: {} objects differ from what the watch told", selection, drift);
            }
        }
        believe(list);
    }

    private Watch<T> begin(ApiResponse response, Duration life) {
        progress.count(Count.WATCHES);
        pinged = response.pinged();
        recovery.opened();
        return new Watch<>(response, new EventStream<>(response.body(), parser), life, timing.nanoTime());
    }

    /**
     * Hears a watch to its end.
     *
     * @param heard whether it has told something already
     */
    private void follow(Watch<T> watch, boolean heard) throws IOException {
        progress.is(State.WATCHING);
        watch.response().readTimeout(pinged ? settings.silence().multipliedBy(2) : settings.silence());
        endForReread(watch);
        try {
            boolean told = hear(watch);
            if (!told && !heard) {
                endedSilently(watch);
            }
        } catch (InterruptedIOException silent) {
            // Pings have shown that the connection lives, and a server that has just started sends no bookmarks of a
            // resource before something has happened to it.
            boolean usual = pinged && !bookmarks;
            if (!lifecycle.closed() && !reread.due() && !usual) {
                recovery.silent();
            }
        } finally {
            recovery.stood(lasted(watch));
        }
    }

    private boolean hear(Watch<T> watch) throws IOException {
        boolean told = false;
        for (WatchEvent<T> event = watch.stream().next();
                event != null;
                event = watch.stream().next()) {
            told |= take(watch, event);
        }
        return told;
    }

    /** Returns whether the event shows that the server knows our version. */
    private boolean take(Watch<T> watch, WatchEvent<T> event) throws IOException {
        if (event instanceof WatchEvent.Applied<T> applied) {
            knownState.apply(applied.object());
        } else if (event instanceof WatchEvent.Deleted<T> deleted) {
            knownState.delete(deleted.key(), deleted.resourceVersion());
        } else if (event instanceof WatchEvent.Bookmark<T> bookmark) {
            bookmarks = true;
            knownState.bookmark(bookmark.resourceVersion());
        } else if (event instanceof WatchEvent.Failed<T> failed) {
            throw failed.failure();
        } else if (event instanceof WatchEvent.Unreadable<T> unreadable) {
            heardUnreadable(unreadable);
            endForReread(watch);
            return false;
        }
        recovery.heard();
        return true;
    }

    private void heardUnreadable(WatchEvent.Unreadable<T> event) {
        knownState.unreadable(event.key(), event.reason());
        if (event.broken()) {
            reread.wanted();
        }
    }

    private void endForReread(Watch<T> watch) {
        Duration left = reread.left();
        if (left != null) {
            watch.response().deadline(left);
        }
    }

    private void endedSilently(Watch<T> watch) {
        Duration lasted = lasted(watch);
        Duration life = watch.life();
        if (lasted.compareTo(life.dividedBy(2)) < 0 && lasted.compareTo(SHORT_WATCH) < 0) {
            recovery.endedAtOnce();
        } else if (lasted.compareTo(life.multipliedBy(9).dividedBy(10)) > 0 && (bookmarks || recovery.onProbation())) {
            bookmarks = false;
            recovery.missedBookmark();
        }
    }

    private Duration lasted(Watch<T> watch) {
        return Duration.ofNanos(timing.nanoTime() - watch.startedNanos());
    }

    private Duration life() {
        if (pinged) {
            return settings.watchTimeout().plus(part(settings.watchTimeout()));
        }
        // Without pings, the bookmark before the end is what shows in time that the connection lives.
        Duration silence = settings.silence();
        Duration half = silence.dividedBy(2);
        Duration speaking = silence.minus(half.compareTo(BOOKMARK_LEAD) < 0 ? half : BOOKMARK_LEAD);
        return speaking.compareTo(settings.watchTimeout()) < 0 ? speaking : settings.watchTimeout();
    }

    private long safetyInterval() {
        return (long) (settings.safetyRelist().toNanos() * (0.75 + 0.5 * timing.random()));
    }

    private Duration part(Duration whole) {
        return Duration.ofNanos((long) (whole.toNanos() * timing.random()));
    }

    /** One watch that is open. */
    private record Watch<T extends KubernetesObject>(
            ApiResponse response, EventStream<T> stream, Duration life, long startedNanos) {}
}
