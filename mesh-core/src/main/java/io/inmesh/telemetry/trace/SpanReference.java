package io.inmesh.telemetry.trace;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.inbound.InboundContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span as headers name it (W3C Trace Context, level 1; B3 in both forms).
 *
 * @param traceId 32 digits, hexadecimal in lower case
 * @param spanId 16 digits
 * @param sampled whether it is recorded; false where headers leave that open, as OpenTelemetry's propagators have it
 */
public record SpanReference(String traceId, String spanId, boolean sampled) {
    static final String TRACEPARENT = "traceparent";
    static final String B3 = "b3";
    static final String B3_TRACE = "x-b3-traceid";
    static final String B3_SPAN = "x-b3-spanid";
    static final String B3_SAMPLED = "x-b3-sampled";
    static final String B3_FLAGS = "x-b3-flags";

    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_DIGITS = 16;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;

    /** Gives the first value of a header by its name in lower case, or null. */
    interface Headers {
        @Nullable
        String first(String name);
    }

    static Headers of(RequestHead head) {
        return name -> {
            for (int i = 0; i < head.headerCount(); i++) {
                if (head.headerName(i).equalsIgnoreCase(name)) {
                    return head.headerValue(i);
                }
            }
            return null;
        };
    }

    static Headers of(@Nullable InboundContext context) {
        return context == null ? name -> null : context::header;
    }

    static Headers of(List<HeaderField> fields) {
        return name -> {
            for (HeaderField field : fields) {
                if (field.name().equalsIgnoreCase(name)) {
                    return field.value();
                }
            }
            return null;
        };
    }

    /** What headers name, W3C's first; null for nothing, or nothing that can be read. */
    static @Nullable SpanReference in(Headers headers) {
        String traceparent = headers.first(TRACEPARENT);
        SpanReference named = traceparent == null ? null : ofTraceparent(traceparent);
        if (named != null) {
            return named;
        }
        String b3 = headers.first(B3);
        named = b3 == null ? null : ofB3(b3);
        if (named != null) {
            return named;
        }
        String trace = headers.first(B3_TRACE);
        String span = headers.first(B3_SPAN);
        if (trace == null || span == null) {
            return null;
        }
        return of(trace, span, isSampled(headers.first(B3_SAMPLED)) || "1".equals(headers.first(B3_FLAGS)));
    }

    /** Whether a caller's headers, or those of what came in, say that nothing is to be recorded, and name no span. */
    static boolean forbidden(Headers headers, @Nullable InboundContext inbound) {
        return forbidden(headers) || forbidden(of(inbound));
    }

    private static boolean forbidden(Headers headers) {
        return in(headers) == null && (isRefusal(headers.first(B3)) || isRefusal(headers.first(B3_SAMPLED)));
    }

    private static boolean isRefusal(@Nullable String sampled) {
        return "0".equals(sampled) || "false".equals(sampled);
    }

    private static boolean isSampled(@Nullable String sampled) {
        return "1".equals(sampled) || "true".equals(sampled) || "d".equals(sampled);
    }

    private static @Nullable SpanReference ofTraceparent(String value) {
        boolean whole = value.length() == LENGTH
                || (value.length() > LENGTH && !value.startsWith("00") && value.charAt(LENGTH) == '-');
        if (!whole || !areDigits(value, 0, 2) || value.startsWith("ff") || !areDigits(value, FLAGS_AT, LENGTH)) {
            return null;
        }
        if (value.charAt(2) != '-' || value.charAt(SPAN_AT - 1) != '-' || value.charAt(FLAGS_AT - 1) != '-') {
            return null;
        }
        boolean sampled = (Character.digit(value.charAt(LENGTH - 1), 16) & 1) == 1;
        return of(value.substring(3, SPAN_AT - 1), value.substring(SPAN_AT, FLAGS_AT - 1), sampled);
    }

    private static @Nullable SpanReference ofB3(String value) {
        String[] parts = value.split("-", -1);
        return parts.length < 2 ? null : of(parts[0], parts[1], parts.length > 2 && isSampled(parts[2]));
    }

    private static @Nullable SpanReference of(String trace, String spanId, boolean sampled) {
        String traceId = trace.length() == SPAN_DIGITS ? "0".repeat(SPAN_DIGITS) + trace : trace;
        return isId(traceId, TRACE_DIGITS) && isId(spanId, SPAN_DIGITS)
                ? new SpanReference(traceId, spanId, sampled)
                : null;
    }

    /** Zeros alone are no id. */
    private static boolean isId(String text, int digits) {
        return text.length() == digits && areDigits(text, 0, digits) && !text.equals("0".repeat(digits));
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
