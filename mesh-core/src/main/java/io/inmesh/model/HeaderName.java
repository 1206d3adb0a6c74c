package io.inmesh.model;

/** What the name of an HTTP header may be: a token of RFC 9110, in rules as in requests. */
public final class HeaderName {
    /** For messages: what a name is made of. */
    public static final String CHARACTERS = "letters, digits and any of !#$%&'*+-.^_`|~";

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private HeaderName() {}

    /** Whether a text is the name of a header; HTTP/2's pseudo-headers ({@code :path}) are none. */
    public static boolean isValid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
