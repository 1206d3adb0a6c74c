package io.inmesh.servlet.internal.jwt;

/** A token that is not believed. */
public final class TokenRefused extends Exception {
    private static final long serialVersionUID = 1;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final int status;

    private TokenRefused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** For whoever has no other token. */
    static TokenRefused because(String message) {
        return new TokenRefused(UNAUTHORIZED, message);
    }

    /** A true token for somebody else. */
    static TokenRefused forOthers() {
        return new TokenRefused(FORBIDDEN, "Audiences in Jwt are not allowed");
    }

    /** 401 or 403. */
    public int status() {
        return status;
    }

    /** For whoever sent the token. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
