package io.inmesh.model;

/**
 * Where a configuration element was written.
 *
 * @param source file path, class-path location, property name or {@code Kind/namespace/name}; never empty
 * @param line 1-based line, or 0 when the source has no lines (a Kubernetes object)
 * @param column 1-based column, or 0 when unknown
 */
public record Origin(String source, int line, int column) {
    /** Used for objects that were made in code. */
    public static final Origin NONE = new Origin("(code)", 0, 0);

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
