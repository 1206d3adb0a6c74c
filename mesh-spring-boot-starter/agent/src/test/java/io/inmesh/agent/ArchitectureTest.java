package io.inmesh.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.inmesh.testing.ArchitectureContract;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureContract {
    @Test
    void needsNothingOfTheApplication() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "io.inmesh.agent..", "org.objectweb.asm..", "org.jspecify..")
                .check(main);
    }
}
