package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;

/** Opens JSON as {@link ResourceReader}s want it. */
public final class JsonStreams {
    /** Go, which writes and reads this JSON, has the same limit; what is deeper is broken. */
    private static final int DEEPEST = 10_000;

    // Lengths are bounded elsewhere, where one value beyond them does not end the stream: lines of a watch as a whole,
    // texts by who keeps them. Names come from other people's objects, so that they are neither kept for ever, nor
    // does one who has chosen them badly on purpose end the stream.
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private JsonStreams() {}

    /**
     * A parser of UTF-8 that stands on the first token, or on none when there is none. Closing it closes the stream.
     *
     * @throws IOException when it does not begin as JSON
     */
    public static JsonParser open(InputStream in) throws IOException {
        return begun(JSON.createParser(in));
    }

    /** The same of a text. */
    public static JsonParser open(String text) throws IOException {
        return begun(JSON.createParser(text));
    }

    private static JsonParser begun(JsonParser json) throws IOException {
        try {
            json.nextToken();
            return json;
        } catch (IOException | RuntimeException broken) {
            json.close();
            throw broken;
        }
    }
}
