package io.inmesh.okhttp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.inmesh.testing.ArchitectureContract;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ArchitectureContract {
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
}
