package io.inmesh.cli.findings;

import io.inmesh.config.ConfigProblem;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Findings of one state, to tell those that another state has beyond them. Immutable. */
public final class KnownFindings {
    private final FilePaths paths = new FilePaths();
    private final Set<FindingKey> keys = new HashSet<>();

    /** Takes findings as known. */
    public KnownFindings(Collection<ConfigProblem> findings) {
        findings.forEach(finding -> keys.add(FindingKey.of(finding, paths)));
    }

    /** Whether it is one of them: the same check about the same field of the same object. */
    public boolean has(ConfigProblem finding) {
        return keys.contains(FindingKey.of(finding, paths));
    }
}
