package io.inmesh.cli.findings;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import java.util.Locale;

/** Findings in words. */
public final class FindingText {
    private FindingText() {}

    /** {@code file:line:column: error: path: message; fix [check]}. */
    public static String line(ConfigProblem problem) {
        return problem.origin().source() + ":" + problem.origin().line() + ":"
                + problem.origin().column() + ": " + severity(problem) + ": " + withPath(problem) + " ["
                + problem.check().id() + "]";
    }

    static String severity(ConfigProblem problem) {
        return problem.severity().name().toLowerCase(Locale.ROOT);
    }

    static String message(ConfigProblem problem) {
        return problem.fix().isEmpty() ? problem.message() : problem.message() + "; " + problem.fix();
    }

    static String withPath(ConfigProblem problem) {
        return problem.path().isEmpty() ? message(problem) : problem.path() + ": " + message(problem);
    }

    /** {@code subset-not-found (IST0101)}. */
    static String title(ConfigCheck check) {
        return check.istioCode().isEmpty() ? check.id() : check.id() + " (" + check.istioCode() + ")";
    }
}
