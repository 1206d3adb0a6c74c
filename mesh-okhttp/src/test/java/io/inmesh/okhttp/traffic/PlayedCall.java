package io.inmesh.okhttp.traffic;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedCall;
import io.inmesh.okhttp.traffic.ObservedCalls.Observed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call that was made, and its recorded form. Local failures are exceptions here and responses of a sidecar: status and
 * flags are those that the sidecar would have answered and written down.
 *
 * @param status of the answer, 0 without one
 * @param flag of the exception that the caller got, null without one or when it is the transport's
 * @param cut whether the body ended early
 * @param backend who answered, null when nobody did
 * @param headers of the answer, as far as they matter
 * @param observed null when the mesh had nothing to do with the call
 */
record PlayedCall(
        int status,
        @Nullable ResponseFlag flag,
        boolean cut,
        @Nullable String backend,
        JsonObject headers,
        long nanos,
        @Nullable Observed observed) {
    /** What a client adds by itself, and what plays the script. */
    private static final Set<String> UNRECORDED = Set.of(
            "host",
            "connection",
            "user-agent",
            "accept-encoding",
            "content-length",
            "content-type",
            "transfer-encoding",
            "x-plan",
            "x-plan-at",
            ObservedCalls.ID);

    private static final List<String> RECORDED =
            List.of("x-envoy-attempt-count", "x-envoy-expected-rq-timeout-ms", "x-envoy-original-path", "cookie");

    /**
     * A result. Where connections end without an answer, an attempt that met a dead connection and was sent once more on another is
     * one attempt, as for the mesh; what came again stands under {@code resent}, which no recording has.
     *
     * @param seen what backends received of it
     */
    JsonObject recorded(List<SeenRequest> seen, RecordedStep step) throws InterruptedException {
        JsonObject result = new JsonObject();
        List<SeenRequest> attempts = new ArrayList<>(seen);
        attempts.sort(Comparator.comparingLong(SeenRequest::nanos));
        JsonArray array = new JsonArray();
        JsonArray resent = new JsonArray();
        Set<String> first = new HashSet<>();
        for (SeenRequest attempt : attempts) {
            boolean again = !first.add(attempt.backend() + " " + attempt.header("x-envoy-attempt-count"));
            (again && step.breaksConnections() ? resent : array)
                    .add(attempt(attempt, attempts.get(0).nanos(), step.full()));
        }
        result.add("attempts", array);
        if (!resent.isEmpty()) {
            result.add("resent", resent);
        }
        if (backend != null) {
            result.addProperty("backend", backend);
        }
        if (cut) {
            result.addProperty("body", "cut");
        }
        if (observed != null && observed.cluster() != null) {
            result.addProperty("cluster", observed.cluster());
        }
        String flags = flags();
        if (!flags.isEmpty()) {
            result.addProperty("flags", flags);
        }
        if (headers.size() > 0) {
            result.add("headers", headers);
        }
        result.addProperty("ms", TimeUnit.NANOSECONDS.toMillis(nanos));
        result.addProperty("status", sidecarStatus());
        return result;
    }

    private String flags() throws InterruptedException {
        // The answer has begun; that its body ended early is said by "body".
        return cut ? "" : all().stream().map(ResponseFlag::name).collect(Collectors.joining(","));
    }

    /** All that Envoy would write down. */
    private List<ResponseFlag> all() throws InterruptedException {
        EndedCall end = observed == null ? null : observed.end();
        List<ResponseFlag> told = end == null ? List.of() : end.flags();
        return told.isEmpty() && flag != null ? List.of(flag) : told;
    }

    private int sidecarStatus() throws InterruptedException {
        List<ResponseFlag> all = all();
        return status > 0 || all.isEmpty() ? status : all.get(all.size() - 1).status();
    }

    private static JsonObject attempt(SeenRequest seen, long since, boolean full) {
        JsonObject attempt = new JsonObject();
        attempt.addProperty("backend", seen.backend());
        if (full) {
            attempt.addProperty("body", seen.bodyLength());
            JsonObject headers = new JsonObject();
            seen.headers().forEach((name, values) -> {
                if (!UNRECORDED.contains(name) && !name.startsWith("x-envoy-") && !name.startsWith("x-forwarded-")) {
                    JsonArray array = new JsonArray();
                    values.forEach(array::add);
                    headers.add(name, array);
                }
            });
            attempt.add("headers", headers);
            attempt.addProperty("host", seen.host());
            attempt.addProperty("method", seen.method());
        }
        attempt.addProperty("ms", TimeUnit.NANOSECONDS.toMillis(seen.nanos() - since));
        if (full) {
            attempt.addProperty("uri", seen.uri());
        }
        for (String name : RECORDED) {
            String value = seen.header(name);
            if (value != null) {
                attempt.addProperty(name, value);
            }
        }
        return attempt;
    }
}
