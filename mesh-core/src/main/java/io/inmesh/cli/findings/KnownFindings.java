package io.inmesh.cli.findings;

import io.inmesh.config.ConfigProblem;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Findings of one state, to tell those that another state has beyond them. Not thread-safe. */
public final class KnownFindings {
    private final FilePaths paths = new FilePaths();
    private final Map<FindingKey, Integer> left = new HashMap<>();

    /** Takes findings as known. */
    public KnownFindings(Collection<ConfigProblem> findings) {
        findings.forEach(finding -> left.merge(FindingKey.of(finding, paths), 1, Integer::sum));
    }

    /**
     * Whether it is one of them: the same check says the same, as severely, about the same field of the same object. Each of
     * them is found once.
     */
    public boolean take(ConfigProblem finding) {
        FindingKey key = FindingKey.of(finding, paths);
        int number = left.getOrDefault(key, 0);
        left.put(key, Math.max(0, number - 1));
        return number > 0;
    }
}
