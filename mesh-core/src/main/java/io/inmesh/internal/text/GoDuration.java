package io.inmesh.internal.text;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Durations as Go writes them: {@code 1.5s}, {@code 1h1m}, {@code 100ms}, with an optional sign. Unlike
 * protobuf's own JSON form, other units than seconds are allowed.
 */
final class GoDuration {
    /** Longer texts are no durations that anybody means; bounds the work. */
    private static final int LONGEST = 100;

    private GoDuration() {}

    /** The duration, or null when the text is none or does not fit 64 bits of nanoseconds. */
    static @Nullable Duration parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return null;
        }
        int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        boolean negative = text.charAt(0) == '-';
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length()) {
            return null;
        }
        long total = 0;
        try {
            while (at < text.length()) {
                int numberEnd = numberEnd(text, at);
                int unitEnd = unitEnd(text, numberEnd);
                long unit = unitNanos(text.substring(numberEnd, unitEnd));
                String number = text.substring(at, numberEnd);
                if (unit == 0 || number.isEmpty() || number.equals(".")) {
                    return null;
                }
                total = Math.addExact(total, nanos(number, unit));
                at = unitEnd;
            }
        } catch (ArithmeticException e) {
            return null;
        }
        return Duration.ofNanos(negative ? -total : total);
    }

    /** Whether a text that is no duration is one but for its length. */
    static boolean isTooLong(String text) {
        return text.length() <= LONGEST
                && parse(text) == null
                && text.matches("[-+]?([0-9]+(\\.[0-9]*)?(h|m|s|ms|us|µs|μs|ns))+");
    }

    /** The shortest Go form: {@code 1.5s}, {@code 5m}. */
    static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        return millis / 1000 + "s";
    }

    private static long nanos(String number, long unit) {
        int dot = number.indexOf('.');
        String whole = dot < 0 ? number : number.substring(0, dot);
        String fraction = dot < 0 ? "" : number.substring(dot + 1);
        long nanos = whole.isEmpty() ? 0 : Math.multiplyExact(parseLong(whole), unit);
        long scale = 1;
        long digits = 0;
        for (int i = 0; i < fraction.length() && scale < 1_000_000_000_000L; i++) {
            digits = digits * 10 + (fraction.charAt(i) - '0');
            scale *= 10;
        }
        return Math.addExact(nanos, (long) ((double) digits * ((double) unit / (double) scale)));
    }

    private static long parseLong(String digits) {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = Math.addExact(Math.multiplyExact(value, 10L), digits.charAt(i) - '0');
        }
        return value;
    }

    private static int numberEnd(String text, int from) {
        int at = from;
        boolean dot = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '.' && !dot) {
                dot = true;
            } else if (c < '0' || c > '9') {
                break;
            }
            at++;
        }
        return at;
    }

    private static int unitEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '.' && (text.charAt(at) < '0' || text.charAt(at) > '9')) {
            at++;
        }
        return at;
    }

    private static long unitNanos(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0;
        };
    }
}
