package io.inmesh.servlet.internal.path;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Escapes in paths: bytes of UTF-8, each behind a per cent sign. */
public final class PercentEncoding {
    private static final int ESCAPE = 3;
    private static final int CONTINUATION = 0x80;
    private static final int CONTINUATION_BITS = 6;

    private PercentEncoding() {}

    /** The byte that the escape at {@code index} stands for; -1 when there is none. */
    public static int byteAt(String text, int index, int end) {
        if (index + 2 >= end || text.charAt(index) != '%') {
            return -1;
        }
        int high = hex(text.charAt(index + 1));
        int low = hex(text.charAt(index + 2));
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    /**
     * The character whose first escape stands at {@code index}, in the shortest form of UTF-8.
     *
     * @return a code point, or -1 when the escapes there are none
     */
    public static int characterAt(String text, int index, int end) {
        int first = byteAt(text, index, end);
        if (first < 0x80) {
            return first;
        }
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
        if (more == 0 || first > 0xf4) {
            return -1;
        }
        int character = first & (0x3f >> more);
        for (int i = 1; i <= more; i++) {
            int next = byteAt(text, index + i * ESCAPE, end);
            if (next < 0 || (next & 0xc0) != CONTINUATION) {
                return -1;
            }
            character = character << CONTINUATION_BITS | next & 0x3f;
        }
        boolean shortest = length(character) == more + 1;
        boolean surrogate = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
        return shortest && !surrogate && character <= Character.MAX_CODE_POINT ? character : -1;
    }

    /** Number of characters that the escapes of a character take. */
    public static int lengthOf(int character) {
        return length(character) * ESCAPE;
    }

    /**
     * The text with all escapes decoded; what is no escape stays.
     *
     * @return the same instance when there are none
     */
    public static String decoded(String text) {
        int percent = text.indexOf('%');
        if (percent < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int end = text.length();
        int i = 0;
        while (i < end) {
            char c = text.charAt(i);
            if (c != '%' || byteAt(text, i, end) < 0) {
                out.append(c);
                i++;
                continue;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int b = byteAt(text, i, end); b >= 0; b = byteAt(text, i, end)) {
                bytes.write(b);
                i += ESCAPE;
            }
            out.append(bytes.toString(StandardCharsets.UTF_8));
        }
        return out.toString();
    }

    private static int length(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
