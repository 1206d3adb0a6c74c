package io.inmesh.kubernetes.internal.resource;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Makes equal values one, as far as it remembers them: thousands of endpoints name the same few nodes, zones and ports.
 * Forgets by overwriting, so it stays small whatever it is fed; forgetting only costs memory elsewhere. Thread-safe.
 */
final class SharedValues {
    private static final int SLOTS = 1 << 12;
    private static final int LONGEST_TEXT = 128;

    private final AtomicReferenceArray<Object> slots = new AtomicReferenceArray<>(SLOTS);

    /** An equal text, perhaps one seen before. */
    String text(String text) {
        if (text.isEmpty()) {
            return "";
        }
        return text.length() > LONGEST_TEXT ? text : value(text);
    }

    /** These characters as a text, which is made only if it is not remembered. */
    String text(char[] characters, int offset, int length) {
        if (length == 0) {
            return "";
        }
        if (length > LONGEST_TEXT) {
            return new String(characters, offset, length);
        }
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + characters[i];
        }
        int slot = slot(hash);
        if (slots.getPlain(slot) instanceof String known && equal(known, characters, offset, length)) {
            return known;
        }
        String text = new String(characters, offset, length);
        slots.setRelease(slot, text);
        return text;
    }

    private static boolean equal(String known, char[] characters, int offset, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != characters[offset + i]) {
                return false;
            }
        }
        return true;
    }

    /** An equal value, perhaps one seen before; values must be immutable. */
    @SuppressWarnings("unchecked") // what equals a T and has its class is one
    <T> T value(T value) {
        int slot = slot(value.hashCode());
        Object known = slots.getPlain(slot);
        if (known != null && known.getClass() == value.getClass() && known.equals(value)) {
            return (T) known;
        }
        slots.setRelease(slot, value);
        return value;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }
}
