package io.inmesh.servlet.internal.authorization;

/**
 * What policies say of a request.
 *
 * @param allowed whether it comes in
 * @param reason which policy says so, for logs; nothing for whoever sent the request
 */
public record Ruling(boolean allowed, String reason) {
    /** No policy is against it. */
    public static final Ruling ALLOWED = new Ruling(true, "no policy is against it");

    /** There are policies that let in, and none of them matches. */
    static final Ruling NOT_LISTED = new Ruling(false, "no policy of action ALLOW matches");
}
