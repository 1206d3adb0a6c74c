package io.inmesh.telemetry.trace;

/** What observations are told of an attempt or a call that went wrong; the caller has the failure itself. */
final class AttemptFailure extends Exception {
    private static final long serialVersionUID = 1;

    AttemptFailure(String message) {
        super(message, null, false, false);
    }
}
