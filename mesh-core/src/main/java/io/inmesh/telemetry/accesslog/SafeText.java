package io.inmesh.telemetry.accesslog;

/**
 * Values of strangers as they can stand in a line of a log: nothing in them ends the line, a quote, or the order in which a
 * terminal shows it, and none is longer than {@link #LONGEST}.
 */
final class SafeText {
    /** Characters of a value that are written; what is beyond is {@link #CUT}. */
    static final int LONGEST = 2048;

    static final String CUT = "...";
    private static final String HEX = "0123456789abcdef";
    private static final char REPLACEMENT = '\ufffd';
    private static final int SMALLEST_SHORT = 0x20;
    private static final int NIBBLE = 4;
    private static final int NIBBLE_MASK = 0xf;
    private static final int HIGHEST_SHIFT = 12;

    private SafeText() {}

    /**
     * Appends a value, escaped as in a string of JSON.
     *
     * @param column whether blanks are escaped too, so that the value stays one column
     */
    static void append(StringBuilder to, String value, boolean column) {
        if (value.length() <= LONGEST && isPlain(value, column)) {
            to.append(value);
            return;
        }
        int end = Math.min(value.length(), LONGEST);
        int i = 0;
        while (i < end) {
            int c = value.codePointAt(i);
            i += Character.charCount(c);
            if (c == '"' || c == '\\') {
                to.append('\\').append((char) c);
            } else if (c > SMALLEST_SHORT && c < 0x7f) {
                to.append((char) c);
            } else if (c == SMALLEST_SHORT) {
                if (column) {
                    escape(to, c);
                } else {
                    to.append(' ');
                }
            } else if (c <= Character.MAX_VALUE && Character.isSurrogate((char) c)) {
                to.append(REPLACEMENT);
            } else if (isShown(c)) {
                to.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    escape(to, half);
                }
            }
        }
        if (end < value.length()) {
            to.append(CUT);
        }
    }

    /** Nearly all are. */
    private static boolean isPlain(String value, boolean column) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < SMALLEST_SHORT || c >= 0x7f || c == '"' || c == '\\' || (column && c == SMALLEST_SHORT)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void escape(StringBuilder to, int c) {
        to.append("\\u");
        for (int shift = HIGHEST_SHIFT; shift >= 0; shift -= NIBBLE) {
            to.append(HEX.charAt(c >> shift & NIBBLE_MASK));
        }
    }
}
