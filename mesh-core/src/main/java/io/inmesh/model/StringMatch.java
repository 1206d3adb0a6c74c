package io.inmesh.model;

/** A condition on a string, case-sensitive (Istio: StringMatch). */
public sealed interface StringMatch {
    /** The whole value equals {@code value}. */
    record Exact(String value) implements StringMatch {}

    /** The value starts with {@code value}: a plain string prefix, not a path segment. */
    record Prefix(String value) implements StringMatch {}

    /** The whole value matches the RE2 expression. */
    record Regex(String value) implements StringMatch {}

    /** Written {@code {}}: the header or parameter is present, whatever its value. */
    record Present() implements StringMatch {}
}
