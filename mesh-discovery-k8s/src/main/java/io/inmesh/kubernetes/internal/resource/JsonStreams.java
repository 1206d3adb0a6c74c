package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

/** Opens JSON as {@link ResourceReader}s want it. */
public final class JsonStreams {
    /** Of one object, in Go, which writes and reads this JSON. A list and an event have some levels around it. */
    private static final int DEEPEST = 10_000 + 10;

    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            // Lengths are bounded elsewhere, where one value beyond them does not end the stream: lines of a watch as
            // a whole, texts by who keeps them.
            .maxStringLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build();

    private JsonStreams() {}

    /**
     * A parser that stands on the first token, or on none when there is none. What is not UTF-8 is replaced, as it is
     * where Go writes it: one odd byte does not end the stream. Closing it closes the stream.
     *
     * @throws IOException when it does not begin as JSON
     */
    public static JsonParser open(InputStream in) throws IOException {
        return open(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The same of a text. */
    public static JsonParser open(String text) throws IOException {
        return open(new StringReader(text));
    }

    /** The same of characters. */
    public static JsonParser open(Reader in) throws IOException {
        // A factory remembers the names of all its parsers, and names come from other people's objects.
        JsonFactory names = JsonFactory.builder()
                .streamReadConstraints(BOUNDS)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .build();
        JsonParser json = names.createParser(in);
        try {
            json.nextToken();
            return json;
        } catch (IOException | RuntimeException broken) {
            json.close();
            throw broken;
        }
    }
}
