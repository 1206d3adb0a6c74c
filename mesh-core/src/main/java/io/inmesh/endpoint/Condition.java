package io.inmesh.endpoint;

/** Readiness of an endpoint as discovery tells it. */
public enum Condition {
    /** Takes traffic. */
    READY,
    /** Shuts down but still serves: used only when no endpoint is ready. */
    TERMINATING,
    /** Known and given nothing. */
    NOT_READY
}
