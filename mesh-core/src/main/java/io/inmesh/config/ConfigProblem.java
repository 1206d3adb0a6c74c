package io.inmesh.config;

import io.inmesh.model.Origin;

/**
 * One thing that is wrong with the configuration.
 *
 * @param origin where
 * @param path field path such as {@code spec.http[0].route[1].weight}; empty for the document as a whole
 * @param message what is wrong, as one sentence
 * @param fix what to do about it, as one sentence; may be empty when the message says it
 * @param object the rule object that it is in, {@code Kind namespace/name}; empty where that is none or not known
 * @param check what it is about
 */
public record ConfigProblem(
        Severity severity, Origin origin, String path, String message, String fix, String object, ConfigCheck check) {
    /** A problem in an object about which no more is known than how bad it is. */
    public ConfigProblem(Severity severity, Origin origin, String path, String message, String fix, String object) {
        this(severity, origin, path, message, fix, object, checkOf(severity));
    }

    /** A problem of no single object. */
    public ConfigProblem(Severity severity, Origin origin, String path, String message, String fix) {
        this(severity, origin, path, message, fix, "");
    }

    /** How bad it is. */
    public enum Severity {
        /**
         * Something is not done as its writer wants, and calls may fail for it: the configuration is refused, or the
         * object alone where a source's objects stand alone, or the object is used without a field that matters.
         */
        ERROR,
        /** The configuration is used, but not as its writer may think. */
        WARNING,
        /** For information only, such as a document of a kind that InMesh does not read. */
        NOTE
    }

    private static ConfigCheck checkOf(Severity severity) {
        return switch (severity) {
            case ERROR -> ConfigCheck.INVALID;
            case WARNING -> ConfigCheck.DOUBTFUL;
            case NOTE -> ConfigCheck.INFORMATION;
        };
    }

    /** Whether it is an error. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code file:line:column: error: path: message; fix}. */
    @Override
    public String toString() {
        return origin + ": " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": "
                + (path.isEmpty() ? "" : path + ": ") + message + (fix.isEmpty() ? "" : "; " + fix);
    }

    /** Starts a problem of no known place. */
    public static Builder builder(Severity severity, String message) {
        return new Builder(severity, message);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(severity, message)
                .origin(origin)
                .path(path)
                .fix(fix)
                .object(object)
                .check(check);
    }

    /** Collects a problem; not thread-safe. */
    public static final class Builder {
        private final Severity severity;
        private Origin origin = Origin.NONE;
        private String path = "";
        private final String message;
        private String fix = "";
        private String object = "";
        private ConfigCheck check;

        private Builder(Severity severity, String message) {
            this.severity = severity;
            this.message = message;
            check = checkOf(severity);
        }

        /** Where. */
        public Builder origin(Origin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** Field path; empty for the document as a whole. */
        public Builder path(String newPath) {
            path = newPath;
            return this;
        }

        /** What to do about it, as one sentence; may be empty when the message says it. */
        public Builder fix(String newFix) {
            fix = newFix;
            return this;
        }

        /** The rule object that it is in, {@code Kind namespace/name}; empty where that is none or not known. */
        public Builder object(String newObject) {
            object = newObject;
            return this;
        }

        /** What it is about; unless told, what is known from how bad it is. */
        public Builder check(ConfigCheck newCheck) {
            check = newCheck;
            return this;
        }

        /** The problem. */
        public ConfigProblem build() {
            return new ConfigProblem(severity, origin, path, message, fix, object, check);
        }
    }
}
