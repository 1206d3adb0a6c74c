package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.io.EOFException;
import java.io.IOException;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** The events of a watch, one a line, each read when it is asked for. Not thread-safe. */
final class EventStream<T extends KubernetesObject> {
    // etcd keeps no object of more than 1.5 MiB, unless told otherwise.
    private static final int LONGEST_LINE = 16 * 1024 * 1024;

    /** What is kept for the next line; few are longer. */
    private static final int USUAL_LINE = 64 * 1024;

    private final BufferedSource source;
    private final EventParser<T> parser;
    private byte[] line = new byte[0];

    EventStream(BufferedSource source, EventParser<T> parser) {
        this.source = source;
        this.parser = parser;
    }

    /**
     * Waits for the next event.
     *
     * @return null when the server has ended the watch
     * @throws IOException when the connection broke or was silent for too long
     */
    @Nullable
    WatchEvent<T> next() throws IOException {
        while (true) {
            long end = source.indexOf((byte) '\n', 0, LONGEST_LINE);
            if (end == 0) {
                source.skip(1);
            } else if (end > 0) {
                WatchEvent<T> event = parse((int) end);
                source.skip(1);
                return event;
            } else {
                return source.exhausted() ? null : unfinished();
            }
        }
    }

    private WatchEvent<T> parse(int bytes) throws IOException {
        byte[] taken = line.length >= bytes ? line : new byte[Math.max(bytes, USUAL_LINE)];
        int at = 0;
        while (at < bytes) {
            int read = source.read(taken, at, bytes - at);
            if (read < 0) {
                throw new EOFException("the line has ended after " + at + " of " + bytes + " bytes");
            }
            at += read;
        }
        if (taken.length == USUAL_LINE) {
            line = taken;
        }
        return parser.parse(taken, bytes);
    }

    private WatchEvent<T> unfinished() throws IOException {
        long size = source.getBuffer().size();
        if (size < LONGEST_LINE) {
            return parse((int) size);
        }
        while (source.indexOf((byte) '\n', 0, LONGEST_LINE) < 0 && !source.exhausted()) {
            source.skip(source.getBuffer().size());
        }
        long rest = source.indexOf((byte) '\n');
        source.skip(rest + 1);
        return new WatchEvent.Unreadable<>(
                new ObjectKey("", ""), true, "its line has more than " + LONGEST_LINE + " bytes");
    }
}
