package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.io.IOException;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** The events of a watch, one a line, each read when it is asked for. Not thread-safe. */
final class EventStream<T extends KubernetesObject> {
    // etcd keeps no object of more than 1.5 MiB, unless told otherwise.
    private static final long LONGEST_LINE = 16L * 1024 * 1024;

    private final BufferedSource source;
    private final EventParser<T> parser;

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
                WatchEvent<T> event = parser.parse(take(end));
                source.skip(1);
                return event;
            } else {
                return source.exhausted() ? null : unfinished();
            }
        }
    }

    private Buffer take(long bytes) throws IOException {
        Buffer line = new Buffer();
        source.readFully(line, bytes);
        return line;
    }

    private WatchEvent<T> unfinished() throws IOException {
        if (source.getBuffer().size() < LONGEST_LINE) {
            return parser.parse(take(source.getBuffer().size()));
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
