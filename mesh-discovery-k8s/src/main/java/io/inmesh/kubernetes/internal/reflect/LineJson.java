package io.inmesh.kubernetes.internal.reflect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Parses one line after another with one parser, which remembers the names of fields: to learn them anew with each line
 * would cost more than the line. Not thread-safe.
 */
final class LineJson {
    // Names that never come again, such as an owner's uid in a managed field, are forgotten with the parser.
    private static final int LINES_PER_PARSER = 100;
    private static final int BYTES_PER_PARSER = 2 * 1024 * 1024;

    private final Line line = new Line();
    private @Nullable JsonParser parser;
    private int lines;
    private long bytes;

    /**
     * Begins with the first {@code length} bytes; what was left of the line before is forgotten.
     *
     * @return standing on the first token
     * @throws IOException when the line does not begin as a map
     */
    JsonParser begin(byte[] text, int length) throws IOException {
        line.set(text, length);
        JsonParser json = parser;
        if (json != null && lines < LINES_PER_PARSER && bytes + length <= BYTES_PER_PARSER) {
            json.releaseBuffered(Writer.nullWriter());
            json.nextToken();
        } else {
            giveUp();
            json = JsonStreams.open(line);
            parser = json;
        }
        lines++;
        bytes += length;
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
        bytes = 0;
    }

    /** What is left of the line. */
    private static final class Line extends Reader {
        /** What is kept for the next line; few are longer. */
        private static final int USUAL = 64 * 1024;

        private final CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private CharBuffer characters = CharBuffer.allocate(0);

        void set(byte[] bytes, int length) {
            if (characters.capacity() < length || characters.capacity() > Math.max(length, USUAL)) {
                characters = CharBuffer.allocate(Math.max(length, USUAL));
            }
            characters.clear();
            utf8.reset();
            utf8.decode(ByteBuffer.wrap(bytes, 0, length), characters, true);
            utf8.flush(characters);
            characters.flip();
        }

        @Override
        public int read(char[] into, int offset, int length) {
            if (!characters.hasRemaining()) {
                return -1;
            }
            int read = Math.min(length, characters.remaining());
            characters.get(into, offset, read);
            return read;
        }

        @Override
        public void close() {
            // The next parser goes on with it.
        }
    }
}
