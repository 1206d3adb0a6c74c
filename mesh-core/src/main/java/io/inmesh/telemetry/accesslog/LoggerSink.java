package io.inmesh.telemetry.accesslog;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes entries to the logger {@value #LOGGER} at level DEBUG, a line each, as long as it is enabled at that level. */
public final class LoggerSink implements AccessLogSink {
    /** Name of the logger. */
    public static final String LOGGER = "mesh.access";

    private final Logger logger;
    private final AccessLogFormat format;

    /** Writes in one format. */
    public LoggerSink(AccessLogFormat format) {
        this(LoggerFactory.getLogger(LOGGER), format);
    }

    LoggerSink(Logger logger, AccessLogFormat format) {
        this.logger = logger;
        this.format = format;
    }

    @Override
    public boolean wantsEntries() {
        return logger.isDebugEnabled();
    }

    @Override
    public void accept(AccessLogEntry entry) {
        if (logger.isDebugEnabled()) {
            // Not as a format: a value may hold braces.
            logger.debug("{}", format.line(entry));
        }
    }
}
