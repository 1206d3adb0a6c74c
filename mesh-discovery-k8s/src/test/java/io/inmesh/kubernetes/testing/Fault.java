package io.inmesh.kubernetes.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** What a scripted API server does instead of what it should. Immutable. */
public sealed interface Fault {
    /** None: this request is answered as it should. */
    static Fault none() {
        return new None();
    }

    /** Answers with an HTTP error and a {@code Status}. */
    static Status status(int code, String reason, String message) {
        return new Status(code, reason, message, "", Map.of());
    }

    /** Shape 1 and 2 of 410: as an HTTP error. */
    static Status gone() {
        return status(410, "Expired", "too old resource version: 1 (2)");
    }

    /** What a server says that has not reached the version asked for. */
    static Status tooLarge() {
        return status(504, "Timeout", "Timeout: Too large resource version: 99999, current: 5")
                .cause("ResourceVersionTooLarge");
    }

    /** Shape 3 of 410: a watch is accepted, and its first event is an error. */
    static Fault goneEvent() {
        return new ErrorEvent(gone());
    }

    /** Answers 200, and the body ends cleanly before anything is said. */
    static Fault endAtOnce() {
        return new Raw("", true);
    }

    /** Says just this, then ends the body cleanly. */
    static Fault raw(String body) {
        return new Raw(body, true);
    }

    /** Says just this, then cuts the connection in the middle of the body. */
    static Fault cut(String body) {
        return new Raw(body, false);
    }

    /** Resets the connection before answering. */
    static Fault reset() {
        return new Reset();
    }

    /** Reads the request and never says anything, nor closes. */
    static Fault hang() {
        return new Hang();
    }

    /** A list holds only the first so many objects. */
    static Fault shortList(int objects) {
        return new ShortList(objects);
    }

    /** No fault. */
    record None() implements Fault {}

    /** An HTTP error. */
    record Status(int code, String reason, String message, String cause, Map<String, String> headers) implements Fault {
        /** With {@code details.causes[0].reason}. */
        public Status cause(String newCause) {
            return new Status(code, reason, message, newCause, headers);
        }

        /** With a header. */
        public Status header(String name, String value) {
            Map<String, String> more = new TreeMap<>(headers);
            more.put(name, value);
            return new Status(code, reason, message, cause, more);
        }

        /** With {@code Retry-After}. */
        public Status retryAfter(String value) {
            return header("Retry-After", value);
        }

        JsonObject json() {
            JsonObject status = new JsonObject();
            status.addProperty("kind", "Status");
            status.addProperty("apiVersion", "v1");
            status.add("metadata", new JsonObject());
            status.addProperty("status", "Failure");
            status.addProperty("message", message);
            status.addProperty("reason", reason);
            if (!cause.isEmpty()) {
                JsonObject one = new JsonObject();
                one.addProperty("reason", cause);
                JsonArray causes = new JsonArray();
                causes.add(one);
                JsonObject details = new JsonObject();
                details.add("causes", causes);
                status.add("details", details);
            }
            status.addProperty("code", code);
            return status;
        }
    }

    /** An error inside a watch. */
    record ErrorEvent(Status status) implements Fault {}

    /** Bytes of the test's choice. */
    record Raw(String body, boolean clean) implements Fault {}

    /** RST. */
    record Reset() implements Fault {}

    /** Silence. */
    record Hang() implements Fault {}

    /** A list that is too short. */
    record ShortList(int objects) implements Fault {}
}
