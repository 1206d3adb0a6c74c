package io.inmesh.kubernetes.internal.resource;

import java.io.IOException;

/** One object is not what its resource promises; the objects beside it are not affected. */
public final class UnreadableObjectException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient ObjectKey key;

    /**
     * Tells which object and why.
     *
     * @param key as far as it could be read, parts that are unknown are empty
     */
    public UnreadableObjectException(ObjectKey key, String reason) {
        super(reason);
        this.key = key;
    }

    /** The object, with empty parts where they could not be read. */
    public ObjectKey key() {
        return key;
    }
}
