package io.inmesh.observe;

import java.util.Locale;

/** What became of a second attempt whose time had come while the first one was waited for. */
public enum HedgeResult {
    /** Its answer is the caller's, and the first attempt was broken off. */
    WON,
    /** The first attempt was the faster one, or the call ended; the second was broken off. */
    LOST,
    /** It had no answer, or one that does not stand; the first attempt decides. */
    FAILED,
    /** It was not sent: the retry budget or another limit of the cluster is used up, there is no other host, or no thread is free. */
    NOT_SENT;

    /** In lower case, as metrics have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
