package io.inmesh.telemetry.metrics;

import io.inmesh.event.ResponseFlag;
import org.jspecify.annotations.Nullable;

/** Values of tags of the mesh's own meters. */
final class TagValues {
    /** There is none: no subset, no route name, no answer, no flag. Never empty, which not every registry takes. */
    static final String NONE = "none";

    /** What is not told apart, because there would be too much of it. */
    static final String OTHER = "other";

    /** The service of all hosts that the mesh does not know, whose names anybody can make. */
    static final String PASSTHROUGH = "passthrough";

    private TagValues() {}

    static String orNone(String value) {
        return value.isEmpty() ? NONE : value;
    }

    /** Three digits of an answer. */
    static String code(int status) {
        if (status == CodeTable.OTHER_STATUS) {
            return OTHER;
        }
        return status == 0 ? NONE : Integer.toString(status);
    }

    static String flag(@Nullable ResponseFlag flag) {
        return flag == null ? NONE : flag.name();
    }
}
