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

    /** An equal value, perhaps one seen before; values must be immutable. */
    @SuppressWarnings("unchecked") // what equals a T and has its class is one
    <T> T value(T value) {
        int hash = value.hashCode();
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        Object known = slots.getPlain(slot);
        if (known != null && known.getClass() == value.getClass() && known.equals(value)) {
            return (T) known;
        }
        slots.setRelease(slot, value);
        return value;
    }
}
