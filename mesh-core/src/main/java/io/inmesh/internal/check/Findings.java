package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects what checks across objects find, in the order of finding and up to a thousand. Not thread-safe. */
final class Findings {
    private final List<ConfigProblem> problems = new ArrayList<>();

    /**
     * Adds a warning about a field of a rule object.
     *
     * @param path of the field; the finding is at its place, or at that of the nearest field above it that has one
     * @param otherwise place of the finding where none of these is known
     */
    void warn(ConfigCheck check, ConfigObject object, String path, Origin otherwise, String message, String fix) {
        add(
                check,
                Severity.WARNING,
                object.kind() + " " + object.meta().qualifiedName(),
                path,
                object.meta().originOf(path, otherwise),
                message,
                fix);
    }

    /** Adds a warning about a field of a rule object; at the beginning of the object where no better place is known. */
    void warn(ConfigCheck check, ConfigObject object, String path, String message, String fix) {
        warn(check, object, path, object.meta().origin(), message, fix);
    }

    /** Adds a finding about a field of a rule object. */
    void add(ConfigCheck check, Severity severity, ConfigObject object, String path, String message, String fix) {
        ObjectMeta meta = object.meta();
        add(
                check,
                severity,
                object.kind() + " " + meta.qualifiedName(),
                path,
                meta.originOf(path, meta.origin()),
                message,
                fix);
    }

    /** A rule with its place, for a message: {@code default/reviews (reviews.yaml:3:1)}. */
    static String named(ConfigObject object) {
        return object.meta().qualifiedName() + " (" + object.meta().origin() + ")";
    }

    /** {@code in namespace a}, {@code in namespaces a and b}. */
    static String inNamespaces(Collection<String> names) {
        return "in " + namespaces(names);
    }

    /** {@code namespace a}, {@code namespaces a and b}. */
    static String namespaces(Collection<String> names) {
        return (names.size() == 1 ? "namespace " : "namespaces ") + String.join(" and ", names);
    }

    /**
     * Adds a finding about any object.
     *
     * @param object {@code Kind namespace/name}
     */
    void add(
            ConfigCheck check,
            Severity severity,
            String object,
            String path,
            Origin origin,
            String message,
            String fix) {
        if (problems.size() < ProblemList.MOST) {
            problems.add(new ConfigProblem(severity, origin, path, message, fix, object, check));
        }
    }

    List<ConfigProblem> toList() {
        return List.copyOf(problems);
    }
}
