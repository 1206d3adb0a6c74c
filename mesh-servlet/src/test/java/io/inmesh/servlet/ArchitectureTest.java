package io.inmesh.servlet;

import io.inmesh.testing.ArchitectureContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureContract {
    private static final String ROOT = "io.inmesh.servlet";

    @Test
    void importsLowerLevelsOnly() {
        importsLowerLevelsOnly(Map.of(
                ROOT + ".internal.time",
                0,
                ROOT + ".internal.request",
                1,
                ROOT + ".internal.answer",
                1,
                ROOT + ".internal.admission",
                2,
                ROOT + ".internal.forward",
                3,
                ROOT,
                9));
    }
}
