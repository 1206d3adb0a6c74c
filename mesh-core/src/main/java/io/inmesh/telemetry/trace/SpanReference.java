package io.inmesh.telemetry.trace;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.inbound.InboundContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A span as headers name it (W3C Trace Context, level 1; B3 in both forms).
 *
 * @param traceId 32 digits, hexadecimal in lower case
 * @param spanId 16 digits
 * @param sampled whether it is recorded; true where headers leave that open
 */
public record SpanReference(String traceId, String spanId, boolean sampled) {
    static final String TRACEPARENT = "traceparent";
    static final String B3 = "b3";
    static final String B3_TRACE = "x-b3-traceid";
    static final String B3_SPAN = "x-b3-spanid";
    static final String B3_SAMPLED = "x-b3-sampled";

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
        return trace == null || span == null ? null : of(trace, span, !"0".equals(headers.first(B3_SAMPLED)));
    }

    private static @Nullable SpanReference ofTraceparent(String value) {
        boolean whole = value.length() == LENGTH || (value.length() > LENGTH && !value.startsWith("00"));
        if (!whole || value.startsWith("ff") || value.charAt(2) != '-' || value.charAt(SPAN_AT - 1) != '-') {
            return null;
        }
        int flags = Character.digit(value.charAt(FLAGS_AT + 1), 16);
        boolean readable = value.charAt(FLAGS_AT - 1) == '-' && flags >= 0;
        return readable
                ? of(value.substring(3, SPAN_AT - 1), value.substring(SPAN_AT, FLAGS_AT - 1), (flags & 1) == 1)
                : null;
    }

    private static @Nullable SpanReference ofB3(String value) {
        String[] parts = value.split("-", -1);
        return parts.length < 2 ? null : of(parts[0], parts[1], parts.length < 3 || !parts[2].equals("0"));
    }

    private static @Nullable SpanReference of(String trace, String span, boolean sampled) {
        String traceId =
                (trace.length() == SPAN_DIGITS ? "0".repeat(SPAN_DIGITS) + trace : trace).toLowerCase(Locale.ROOT);
        String spanId = span.toLowerCase(Locale.ROOT);
        return isId(traceId, TRACE_DIGITS) && isId(spanId, SPAN_DIGITS)
                ? new SpanReference(traceId, spanId, sampled)
                : null;
    }

    /** Zeros alone are no id. */
    private static boolean isId(String text, int digits) {
        boolean some = false;
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
            some |= text.charAt(i) != '0';
        }
        return some && text.length() == digits;
    }
}
