package io.inmesh.servlet;

import io.inmesh.testing.ArchitectureContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureContract {
    private static final String ROOT = "io.inmesh.servlet";

    @Test
    void importsLowerLevelsOnly() {
        importsLowerLevelsOnly(Map.ofEntries(
                Map.entry(ROOT + ".internal.time", 0),
                Map.entry(ROOT + ".internal.path", 0),
                Map.entry(ROOT + ".internal.arrival", 0),
                Map.entry(ROOT + ".internal.observed", 0),
                Map.entry(ROOT + ".policy", 1),
                Map.entry(ROOT + ".internal.authorization", 1),
                Map.entry(ROOT + ".internal.answer", 1),
                Map.entry(ROOT + ".internal.jwt", 1),
                Map.entry(ROOT + ".internal.limit", 2),
                Map.entry(ROOT + ".internal.judge", 2),
                Map.entry(ROOT + ".internal.request", 2),
                Map.entry(ROOT + ".internal.console", 3),
                Map.entry(ROOT + ".internal.forward", 3),
                Map.entry(ROOT + ".internal.inbound", 3),
                Map.entry(ROOT, 9)));
    }
}
