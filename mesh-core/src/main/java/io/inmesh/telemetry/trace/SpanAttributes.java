package io.inmesh.telemetry.trace;

/** Takes what a span says of itself. */
interface SpanAttributes {
    void put(String name, String value);

    void put(String name, long value);
}
