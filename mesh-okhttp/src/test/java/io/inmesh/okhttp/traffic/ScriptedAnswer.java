package io.inmesh.okhttp.traffic;

import java.util.ArrayList;
import java.util.List;

/**
 * What a backend does with one attempt, written {@code STATUS[,delay=MS][,body-delay=MS][,h:NAME=VALUE]}, or with
 * {@code close} (the connection is closed without an answer) or {@code reset} (the same by RST) in place of the status.
 *
 * @param status 0 without an answer
 * @param delayMillis from the request to the answer's headers, or to the end of the connection
 * @param bodyDelayMillis from the headers to the body
 * @param headers lines of the answer
 */
record ScriptedAnswer(int status, boolean reset, long delayMillis, long bodyDelayMillis, List<String> headers) {
    /** Reads one step. */
    static ScriptedAnswer parse(String step) {
        String[] parts = step.strip().split(",", -1);
        String what = parts[0].strip();
        boolean breaks = what.equals("close") || what.equals("reset");
        long delay = 0;
        long bodyDelay = 0;
        List<String> headers = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            int equals = part.indexOf('=');
            if (part.startsWith("delay=")) {
                delay = Long.parseLong(part.substring(equals + 1));
            } else if (part.startsWith("body-delay=")) {
                bodyDelay = Long.parseLong(part.substring(equals + 1));
            } else if (part.startsWith("h:") && equals > 0) {
                headers.add(part.substring(2, equals) + ": " + part.substring(equals + 1));
            } else {
                throw new IllegalArgumentException("not a part of a step: " + part + ", in " + step);
            }
        }
        return new ScriptedAnswer(
                breaks ? 0 : Integer.parseInt(what), what.equals("reset"), delay, bodyDelay, List.copyOf(headers));
    }

    /**
     * What is done with an attempt.
     *
     * @param plan steps of attempt 1, 2, ..., with {@code |} between them; the last one repeats
     */
    static ScriptedAnswer of(String plan, int attempt) {
        String[] steps = plan.split("\\|", -1);
        return parse(steps[Math.min(Math.max(attempt, 1), steps.length) - 1]);
    }
}
