package io.inmesh.servlet.internal.admission;

import io.inmesh.call.HeaderField;
import io.inmesh.model.InboundPolicy;
import io.inmesh.servlet.internal.request.InboundRequest;
import java.util.List;
import java.util.Map;

/** Decides whether a request may come in. Thread-safe; on the thread of the request. */
@FunctionalInterface
public interface RequestJudge {
    /** Lets everything in. */
    RequestJudge OPEN = (policy, request) -> Pass.UNCHANGED;

    /**
     * Judges.
     *
     * @param policy in force for this request
     */
    Verdict judge(InboundPolicy policy, InboundRequest request);

    /** What was decided. */
    sealed interface Verdict permits Pass, Refusal {}

    /**
     * The request is let in.
     *
     * @param claims of its token, which were found to be true; empty without one
     * @param removedHeaders names, in lower case, of headers that are not sent on
     * @param addedHeaders sent on, after the removal
     */
    record Pass(Map<String, Object> claims, List<String> removedHeaders, List<HeaderField> addedHeaders)
            implements Verdict {
        /** Without claims, the request as it is. */
        public static final Pass UNCHANGED = new Pass(Map.of(), List.of(), List.of());

        /** Copies. */
        public Pass {
            removedHeaders = List.copyOf(removedHeaders);
            addedHeaders = List.copyOf(addedHeaders);
        }
    }

    /**
     * The request is refused.
     *
     * @param status 400 to 599
     * @param flag short, as Envoy has it, such as {@code UAEX}
     * @param text one phrase for the client
     * @param headers of the answer, such as {@code www-authenticate}
     */
    record Refusal(int status, String flag, String text, List<HeaderField> headers) implements Verdict {
        /** Copies. */
        public Refusal {
            headers = List.copyOf(headers);
        }
    }
}
