package io.inmesh.servlet.internal.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Header values as text. On the wire they are bytes: a servlet container has each as one character (ISO-8859-1), rules and
 * OkHttp have text of which the bytes are the UTF-8 form.
 */
public final class HeaderText {
    private static final int ASCII_END = 0x7f;
    private static final int BYTE_END = 0xff;
    private static final char REPLACEMENT = '\ufffd';

    private HeaderText() {}

    /** The text of a container's value; null when the bytes are not UTF-8, or it holds a control character. */
    public static @Nullable String ofContainer(String value) {
        boolean plain = true;
        boolean bytes = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == ASCII_END) {
                return null;
            }
            plain &= c < ASCII_END;
            bytes &= c <= BYTE_END;
        }
        if (plain) {
            return value;
        }
        if (!bytes) {
            // The container has read text; where that was none, it says so by this character.
            return value.indexOf(REPLACEMENT) < 0 ? value : null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    /** What a container sends as the bytes of a text. */
    public static String toContainer(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > ASCII_END) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }
}
