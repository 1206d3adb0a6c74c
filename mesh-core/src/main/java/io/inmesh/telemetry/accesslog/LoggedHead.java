package io.inmesh.telemetry.accesslog;

import io.inmesh.call.RequestHead;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Takes from a request's head what an entry has of it. */
final class LoggedHead {
    private LoggedHead() {}

    static void read(RequestHead head, AccessLogEntry.Builder entry) {
        entry.method(head.method())
                .path(head.pathAndQuery())
                .protocol(head.protocol())
                .authority(head.authority());
        String forwardedFor = null;
        for (int i = 0; i < head.headerCount(); i++) {
            switch (head.headerName(i).toLowerCase(Locale.ROOT)) {
                case "x-forwarded-for" -> forwardedFor = joined(forwardedFor, head.headerValue(i));
                case "user-agent" -> entry.userAgent(head.headerValue(i));
                case "x-request-id" -> entry.requestId(head.headerValue(i));
                default -> {
                    // Not of an entry.
                }
            }
        }
        entry.forwardedFor(forwardedFor);
    }

    private static String joined(@Nullable String before, String value) {
        return before == null ? value : before + "," + value;
    }
}
