package io.inmesh.kubernetes.internal.rules;

/** Where rules come from. */
public enum Knowledge {
    /** There are kinds of which the server has said nothing yet, and nothing else is known. */
    NOTHING,
    /** There are kinds of which the server has said nothing yet; there are rules in the snapshot file. */
    REMEMBERED,
    /** The server has told all there is, or may be, read. */
    TOLD
}
