package io.inmesh;

import io.inmesh.observe.SourceStatus;
import java.util.List;

/**
 * Tells whether every source of rules has had rules that are in force as a whole at some time. What turns bad later does
 * not count, since the last good rules stay. For readiness probes. Thread-safe.
 */
public final class FirstRules {
    private final Mesh mesh;
    private volatile boolean seen;

    /** Looks at a mesh, now for the first time. */
    public FirstRules(Mesh mesh) {
        this.mesh = mesh;
        seen = missing().isEmpty();
    }

    /** Whether all have been there; once true, always true. */
    public boolean seen() {
        return seen || awaited().isEmpty();
    }

    /** Names of the sources that are waited for, empty when there is none. */
    public List<String> awaited() {
        if (seen) {
            return List.of();
        }
        List<String> missing = missing();
        if (missing.isEmpty()) {
            seen = true;
        }
        return missing;
    }

    private List<String> missing() {
        return mesh.status().sources().stream()
                .filter(source -> source.kind().equals("config") && !source.current())
                .map(SourceStatus::name)
                .toList();
    }
}
