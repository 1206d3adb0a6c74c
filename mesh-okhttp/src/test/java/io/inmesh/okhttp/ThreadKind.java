package io.inmesh.okhttp;

import java.util.List;
import java.util.concurrent.ThreadFactory;

/** The kinds of threads that make calls. */
enum ThreadKind {
    PLATFORM,
    VIRTUAL;

    /** Without virtual ones before Java 21. */
    static List<ThreadKind> available() {
        return Runtime.version().feature() < 21 ? List.of(PLATFORM) : List.of(values());
    }

    Thread start(Runnable work) {
        Thread thread = unstarted(work);
        thread.start();
        return thread;
    }

    Thread unstarted(Runnable work) {
        return factory().newThread(work);
    }

    private ThreadFactory factory() {
        if (this == PLATFORM) {
            return work -> {
                Thread thread = new Thread(work, "caller");
                thread.setDaemon(true);
                return thread;
            };
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
