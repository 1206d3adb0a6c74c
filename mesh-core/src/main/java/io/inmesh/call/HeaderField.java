package io.inmesh.call;

/** One header line; the name in the case in which it is to be sent. */
public record HeaderField(String name, String value) {}
