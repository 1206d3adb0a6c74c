package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigProblem;
import java.util.List;
import java.util.Map;

/**
 * What is known beside a snapshot and bears on why something is missing in it. Only explain asks.
 *
 * @param problems everything known to be wrong
 * @param silent sources that were asked about a service and have not answered, by its full name
 * @param aliases what an alias leads to, by its full name
 */
public record Circumstances(
        List<ConfigProblem> problems, Map<String, List<String>> silent, Map<String, String> aliases) {
    /** Nothing to tell. */
    public static final Circumstances NONE = new Circumstances(List.of(), Map.of(), Map.of());

    public Circumstances {
        problems = List.copyOf(problems);
        silent = Map.copyOf(silent);
        aliases = Map.copyOf(aliases);
    }
}
