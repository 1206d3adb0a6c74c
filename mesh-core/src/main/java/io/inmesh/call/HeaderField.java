package io.inmesh.call;

/** One header line; the name in the case in which it is to be sent. */
public record HeaderField(String name, String value) {
    /** Whether a value can be sent: it holds no control character but the tab (RFC 9110, 5.5). */
    public static boolean isSendable(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == '\u007f') {
                return false;
            }
        }
        return true;
    }
}
