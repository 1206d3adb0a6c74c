package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * Finds the end of one command in a header value: {@code NAME%}, {@code NAME(text)%}, {@code NAME(["a", "b"])%}, with
 * {@code :LIMIT} after the parenthesis.
 */
final class HeaderCommandScanner {
    private static final int LONGEST_LIMIT = 6;

    private final String text;
    private final int start;
    private final int nameEnd;
    private final int argumentEnd;
    private final int close;
    private int limit = Integer.MAX_VALUE;

    /**
     * Scans.
     *
     * @param start index after the opening per cent sign
     * @throws HeaderFormatException when the command is not complete
     */
    HeaderCommandScanner(String text, int start) {
        this.text = text;
        this.start = start;
        if (start == text.length()) {
            throw new HeaderFormatException("the value ends in a single %", position());
        }
        int at = start;
        while (at < text.length() && text.charAt(at) != '%' && text.charAt(at) != '(') {
            at++;
        }
        nameEnd = at;
        if (at < text.length() && text.charAt(at) == '%') {
            argumentEnd = -1;
            close = at;
            return;
        }
        argumentEnd = at == text.length() ? -1 : endOfArguments(at + 1);
        close = argumentEnd < 0 ? -1 : closing(argumentEnd);
        if (close < 0) {
            throw new HeaderFormatException("the value has a % that begins no complete %NAME%", position());
        }
    }

    /** Index of the opening per cent sign. */
    int position() {
        return start - 1;
    }

    String name() {
        return text.substring(start, nameEnd);
    }

    /** What stands in parentheses, null without. */
    @Nullable
    String argument() {
        return argumentEnd < 0 ? null : text.substring(nameEnd + 1, argumentEnd - 1);
    }

    /** Most characters of the result. */
    int limit() {
        return limit;
    }

    /** The command without its per cent signs. */
    String written() {
        return text.substring(start, close);
    }

    /** Index after the closing per cent sign. */
    int end() {
        return close + 1;
    }

    /** Index of the closing per cent sign, -1 when there is none. */
    private int closing(int from) {
        int at = from;
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            int digits = at;
            while (at < text.length() && at - digits < LONGEST_LIMIT && Character.isDigit(text.charAt(at))) {
                at++;
            }
            if (at == digits) {
                return -1;
            }
            limit = Integer.parseInt(text.substring(digits, at));
        }
        at = skipSpaces(at);
        return at < text.length() && text.charAt(at) == '%' ? at : -1;
    }

    /** Index after the closing parenthesis, -1 when there is none. */
    private int endOfArguments(int from) {
        int at = skipSpaces(from);
        if (at == text.length()) {
            return -1;
        }
        boolean inString = text.charAt(at) != '[';
        // The first character is an argument's whatever it is, as in Istio: empty parentheses are refused.
        at++;
        while (true) {
            if (!inString) {
                at = skipSpaces(at);
                if (at == text.length() || text.charAt(at) != '"') {
                    return -1;
                }
                at++;
            }
            inString = false;
            StringEnd end = endOfString(at);
            if (end.next < 0 || end.parenthesis) {
                return end.next;
            }
            at = skipSpaces(end.next);
            if (at == text.length()) {
                return -1;
            }
            char c = text.charAt(at);
            at++;
            if (c == ']') {
                at = skipSpaces(at);
                return at < text.length() && text.charAt(at) == ')' ? at + 1 : -1;
            }
            if (c != ',') {
                return -1;
            }
        }
    }

    private record StringEnd(int next, boolean parenthesis) {}

    /** Envoy ends an argument at a quote or at a closing parenthesis, whichever comes first. */
    private StringEnd endOfString(int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == ')') {
                return new StringEnd(at + 1, true);
            } else if (c == '"') {
                return new StringEnd(at + 1, false);
            }
            at++;
        }
        return new StringEnd(-1, false);
    }

    private int skipSpaces(int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
