package io.inmesh.kubernetes.internal.reflect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Parses one line after another with one parser, which remembers the names of fields: to learn them anew with each line
 * would cost more than the line. Not thread-safe.
 */
final class LineJson {
    // Names that never come again, such as an owner's uid in a managed field, are forgotten with the parser.
    private static final int LINES_PER_PARSER = 1000;

    private final Line line = new Line();
    private @Nullable JsonParser parser;
    private int lines;

    /**
     * Begins with the first {@code length} bytes; what was left of the line before is forgotten.
     *
     * @return standing on the first token
     * @throws IOException when the line does not begin as a map
     */
    JsonParser begin(byte[] bytes, int length) throws IOException {
        line.set(bytes, length);
        JsonParser json = parser;
        if (json != null && lines < LINES_PER_PARSER) {
            json.releaseBuffered(OutputStream.nullOutputStream());
            json.nextToken();
        } else {
            giveUp();
            json = JsonStreams.open(line);
            parser = json;
        }
        lines++;
        if (json.currentToken() != JsonToken.START_OBJECT
                || !json.getParsingContext().getParent().inRoot()) {
            throw new IOException("the line is not a map");
        }
        return json;
    }

    /** The next line needs another parser: this one stands somewhere inside of a line. */
    void giveUp() {
        if (parser != null) {
            try {
                parser.close();
            } catch (IOException broken) {
                // It reads from memory, and has no more to say.
            }
        }
        parser = null;
        lines = 0;
    }

    /** What is left of the line. */
    private static final class Line extends InputStream {
        private byte[] bytes = {};
        private int at;
        private int end;

        void set(byte[] line, int length) {
            bytes = line;
            at = 0;
            end = length;
        }

        @Override
        public int read() {
            return at < end ? bytes[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (at == end) {
                return -1;
            }
            int read = Math.min(length, end - at);
            System.arraycopy(bytes, at, into, offset, read);
            at += read;
            return read;
        }
    }
}
