package io.inmesh.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.inmesh.testing.ModuleRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses main = ModuleRules.mainClasses();

    @Test
    void needsNothingOfTheApplication() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "io.inmesh.agent..", "org.objectweb.asm..", "org.jspecify..")
                .check(main);
    }

    @Test
    void hasSpeakingNames() {
        ModuleRules.speakingNames().check(main);
    }

    @Test
    void marksItsPackagesNull() {
        ModuleRules.nullMarkedPackages().check(main);
    }
}
