package io.inmesh.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Map;

/**
 * Format of a time in Envoy's {@code START_TIME(...)}: text with the conversions of C's {@code strftime}, in UTC and
 * English, and with {@code %s} (seconds since 1970), {@code %f} and {@code %1f} to {@code %9f} (digits of the fraction)
 * and {@code %E1S} to {@code %E9S} (seconds with a fraction). Immutable and thread-safe.
 */
public final class TimeFormat {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('Y', "uuuu"),
            Map.entry('y', "uu"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('e', "ppd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"),
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('h', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('z', "xx"),
            Map.entry('Z', "'UTC'"),
            Map.entry('F', "uuuu-MM-dd"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('R', "HH:mm"),
            Map.entry('D', "MM/dd/uu"));

    /** Format of {@code START_TIME} without argument, such as {@code 2026-01-31T09:05:07.012Z}. */
    public static final TimeFormat DEFAULT = of("%Y-%m-%dT%H:%M:%E3SZ");

    private final DateTimeFormatter formatter;

    private TimeFormat(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /**
     * Reads a format.
     *
     * @throws IllegalArgumentException when it has a conversion that is not known here, with a sentence that names it
     */
    public static TimeFormat of(String text) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '%') {
                builder.appendLiteral(c);
                at++;
                continue;
            }
            at = conversion(text, at + 1, builder);
        }
        return new TimeFormat(builder.toFormatter(Locale.ENGLISH).withZone(ZoneOffset.UTC));
    }

    /** The time in this format. */
    public String format(Instant time) {
        return formatter.format(time);
    }

    /** Appends the conversion whose letter stands at an index, and gives the index after it. */
    private static int conversion(String text, int at, DateTimeFormatterBuilder builder) {
        char c = at < text.length() ? text.charAt(at) : ' ';
        String pattern = PATTERNS.get(c);
        if (pattern != null) {
            builder.appendPattern(pattern);
            return at + 1;
        }
        if (c == '%') {
            builder.appendLiteral('%');
            return at + 1;
        }
        if (c == 's') {
            builder.appendValue(ChronoField.INSTANT_SECONDS);
            return at + 1;
        }
        if (c == 'f') {
            return fraction(9, builder, at + 1);
        }
        if (isDigit(text, at) && text.startsWith("f", at + 1)) {
            return fraction(c - '0', builder, at + 2);
        }
        if (c == 'E' && isDigit(text, at + 1) && text.startsWith("S", at + 2)) {
            builder.appendPattern("ss").appendLiteral('.');
            return fraction(text.charAt(at + 1) - '0', builder, at + 3);
        }
        throw new IllegalArgumentException(
                "the time format has %" + (at < text.length() ? c : "") + ", which InMesh does not execute");
    }

    private static int fraction(int digits, DateTimeFormatterBuilder builder, int next) {
        builder.appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, false);
        return next;
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '1' && text.charAt(at) <= '9';
    }
}
