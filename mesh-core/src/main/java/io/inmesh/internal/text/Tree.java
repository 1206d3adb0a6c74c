package io.inmesh.internal.text;

import java.util.List;

/**
 * A document as it was written, whatever its syntax: what YAML and JSON have in common, with the place of every node.
 * Nodes may be shared (YAML aliases); {@code size} counts them as if they were written out.
 */
public sealed interface Tree {
    /** 1-based line, 0 when the source has none. */
    int line();

    /** 1-based column, 0 when the source has none. */
    int column();

    /** Number of nodes, this one included. */
    long size();

    /** Keys in order of writing; a key may occur twice, which is for the reader to refuse. */
    record Mapping(List<Entry> entries, int line, int column, long size) implements Tree {}

    /**
     * One key with its value.
     *
     * @param keyKind what the key would be as a value; only text stays what it is in Kubernetes
     */
    record Entry(String key, Kind keyKind, int line, int column, Tree value) {}

    /** A list. */
    record Sequence(List<Tree> items, int line, int column, long size) implements Tree {}

    /** A single value; {@code text} is what was written, without quotes. */
    record Scalar(Kind kind, String text, int line, int column) implements Tree {
        @Override
        public long size() {
            return 1;
        }
    }

    /** Type of a scalar. */
    enum Kind {
        /** {@code null}, {@code ~} or nothing. */
        NULL("null"),
        /** {@code true} or {@code false}. */
        BOOL("a boolean"),
        /** Whole number. */
        INT("a number"),
        /** Number with fraction or exponent. */
        FLOAT("a number"),
        /** Text. */
        STRING("a string"),
        /** Text in YAML 1.2, a boolean in the YAML 1.1 that Kubernetes reads: {@code yes}, {@code on}, {@code n}. */
        BOOL_IN_YAML_1_1("a boolean to Kubernetes"),
        /** A number that YAML 1.1 reads otherwise: {@code 010} is 8 there, {@code 1_000} is 1000. */
        NUMBER_IN_YAML_1_1("another number to Kubernetes");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The kind with its article, for messages. */
        public String words() {
            return words;
        }
    }

    /** What the node is, with its article, for messages. */
    default String words() {
        if (this instanceof Scalar scalar) {
            return scalar.kind().words();
        }
        return this instanceof Mapping ? "a map" : "a list";
    }

    /** Whether the node counts as not given. */
    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.kind() == Kind.NULL;
    }
}
