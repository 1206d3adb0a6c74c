package io.inmesh.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.inmesh.call.RequestHead;
import io.inmesh.explain.Explanation;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/** Answers request lines, one at a time. A line that cannot be read gets an answer of its own. */
final class ExplainSession {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final BiFunction<RequestHead, RandomGenerator, Explanation> explain;
    private final RandomGenerator random;

    /**
     * Starts a session.
     *
     * @param explain the mesh
     * @param random for requests that bring no draw of their own
     */
    ExplainSession(BiFunction<RequestHead, RandomGenerator, Explanation> explain, RandomGenerator random) {
        this.explain = explain;
        this.random = random;
    }

    /** The answer as one line of JSON. */
    String answer(String line) {
        return GSON.toJson(answerObject(line));
    }

    JsonObject answerObject(String line) {
        try {
            RequestLine request = RequestLine.read(line);
            RandomGenerator draws = request.random() < 0 ? random : new FixedDraw(request.random());
            return ExplanationJson.of(request.id(), explain.apply(request.head(), draws));
        } catch (RequestLine.Unreadable e) {
            return ExplanationJson.error(e.id(), String.valueOf(e.getMessage()));
        }
    }

    /** The same 32-bit draw every time, as Envoy's route checker has it. */
    private record FixedDraw(long draw) implements RandomGenerator {
        @Override
        public int nextInt() {
            return (int) draw;
        }

        @Override
        public long nextLong() {
            return draw << 32 | draw;
        }
    }
}
