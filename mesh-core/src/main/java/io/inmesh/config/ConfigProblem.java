package io.inmesh.config;

import io.inmesh.model.Origin;

/**
 * One thing that is wrong with the configuration.
 *
 * @param origin where
 * @param path field path such as {@code spec.http[0].route[1].weight}; empty for the document as a whole
 * @param message what is wrong, as one sentence
 * @param fix what to do about it, as one sentence; may be empty when the message says it
 */
public record ConfigProblem(Severity severity, Origin origin, String path, String message, String fix) {
    /** How bad it is. */
    public enum Severity {
        /**
         * The configuration is refused, or the object alone where a source's objects stand alone; what was good last
         * stays in force.
         */
        ERROR,
        /** The configuration is used, but not as its writer may think. */
        WARNING,
        /** For information only, such as a document of a kind that InMesh does not read. */
        NOTE
    }

    /** Whether the configuration or the object is refused for it. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code file:line:column: error: path: message; fix}. */
    @Override
    public String toString() {
        return origin + ": " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": "
                + (path.isEmpty() ? "" : path + ": ") + message + (fix.isEmpty() ? "" : "; " + fix);
    }
}
