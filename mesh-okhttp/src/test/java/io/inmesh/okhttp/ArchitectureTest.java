package io.inmesh.okhttp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.inmesh.testing.ModuleRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses main = ModuleRules.mainClasses();

    @Test
    void importsNoInternals() {
        ModuleRules.noImportOfInternals().check(main);
    }

    @Test
    void hasNoPackageCycles() {
        ModuleRules.noPackageCycles().check(main);
    }

    @Test
    void touchesNoClockRandomOrSleep() {
        ModuleRules.noClockRandomOrSleep().check(main);
    }

    @Test
    void hasSpeakingNames() {
        ModuleRules.speakingNames().check(main);
    }

    @Test
    void seesSpringInItsOwnRoomAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.inmesh.okhttp.spring")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.inmesh.okhttp.spring")
                .check(main);
    }

    @Test
    void marksItsPackagesNull() {
        ModuleRules.nullMarkedPackages().check(main);
    }
}
