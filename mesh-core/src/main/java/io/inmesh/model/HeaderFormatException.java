package io.inmesh.model;

/** A text is no {@link HeaderFormat}; the message is a sentence without full stop that says why. */
public final class HeaderFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int position;

    HeaderFormatException(String message, int position) {
        super(message);
        this.position = position;
    }

    /** Index in the text of the per cent sign that is wrong. */
    public int position() {
        return position;
    }
}
