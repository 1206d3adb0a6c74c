package io.inmesh.internal.subscription;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The closing of things that may fail to close, such that the others are closed all the same. */
public final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /**
     * Closes; what that throws is written to the log.
     *
     * @param closeable null for nothing to close
     * @param name of it in the log
     */
    public static void quietly(@Nullable AutoCloseable closeable, String name) {
        if (closeable == null) {
            return;
        }
        try {
            closeable.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            LOG.warn("{} could not be closed", name, failure);
        }
    }
}
