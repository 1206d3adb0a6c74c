package io.inmesh.spring.boot.soak;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** One call of a soak, made by the thread that makes this object; what is to be cut is cut by another thread. */
final class SoakCall {
    /** A timeout that most late answers miss. */
    static final int SHORT_MILLIS = 10;

    /** No call takes longer. */
    static final int LONGEST_SECONDS = 30;

    private final long id;
    private final URI uri;
    private final boolean post;
    private final @Nullable Disturbance disturbance;
    private final Thread caller = Thread.currentThread();
    private @Nullable Runnable cancel;
    private boolean canceled;
    private boolean over;

    SoakCall(long id, String service, String kind, boolean post, @Nullable Disturbance disturbance) {
        this.id = id;
        this.uri = URI.create(SoakFleet.url(service) + "/" + kind + "/" + id
                + (disturbance == Disturbance.DEADLINE ? "?deadline=" + SHORT_MILLIS : ""));
        this.post = post;
        this.disturbance = disturbance;
    }

    URI uri() {
        return uri;
    }

    /** GET otherwise. */
    boolean post() {
        return post;
    }

    /** What a POST sends, and what every answer begins with. */
    String text() {
        return "<" + id + ">";
    }

    boolean is(Disturbance wanted) {
        return disturbance == wanted;
    }

    /** Whether the call itself is cut and may fail. */
    boolean isCut() {
        return disturbance != null && disturbance.cuts();
    }

    /** Tells how the call is cancelled; to be told before it can end. */
    synchronized void cancelBy(Runnable newCancel) {
        cancel = newCancel;
        if (canceled) {
            newCancel.run();
        }
    }

    /** Cancels the call or interrupts its caller, unless it is over. Any thread. */
    synchronized void cut() {
        if (over) {
            return;
        }
        if (disturbance == Disturbance.INTERRUPT) {
            caller.interrupt();
        } else {
            canceled = true;
            if (cancel != null) {
                cancel.run();
            }
        }
    }

    /** Nothing cuts the call or interrupts its caller from now on. */
    void end() {
        synchronized (this) {
            over = true;
        }
        boolean unused = Thread.interrupted();
    }

    @Override
    public String toString() {
        return (post ? "POST " : "GET ") + uri + (disturbance == null ? "" : " " + disturbance);
    }
}
