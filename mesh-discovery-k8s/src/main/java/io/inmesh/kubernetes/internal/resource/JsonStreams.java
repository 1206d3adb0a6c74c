package io.inmesh.kubernetes.internal.resource;

import com.google.gson.stream.JsonReader;
import java.io.Reader;

/** Opens JSON as {@link ResourceReader}s want it. */
public final class JsonStreams {
    /** Go, which writes and reads this JSON, has the same limit; what is deeper is broken. */
    private static final int DEEPEST = 10_000;

    private JsonStreams() {}

    /** A reader in which one oddly deep object does not end the stream, as it would with Gson's own limit of 255. */
    public static JsonReader open(Reader in) {
        JsonReader json = new JsonReader(in);
        json.setNestingLimit(DEEPEST);
        return json;
    }
}
