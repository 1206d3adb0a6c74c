package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The architecture rules that every module keeps to. The {@code ArchitectureTest} of a module extends it and adds what holds
 * there alone, so that no module leaves a rule out.
 */
@Tag("one-jdk")
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // Reading the classes takes seconds.
public abstract class ArchitectureContract {
    /** The main classes of the module whose tests are running. */
    protected final JavaClasses main = new ClassFileImporter().importPath(Path.of("target", "classes"));

    /** Whether {@code io.inmesh.internal} is the module's own, which is so in mesh-core alone. */
    protected boolean ownsInternals() {
        return false;
    }

    /**
     * Fails where a package imports one that is not of a lower level.
     *
     * @param levels of every package of the module, by name
     */
    protected final void importsLowerLevelsOnly(Map<String, Integer> levels) {
        ModuleRules.lowerLevelsOnly(levels).check(main);
    }

    @Test
    void hasClassesToLookAt() {
        assertThat(main).as("classes in target/classes").isNotEmpty();
    }

    @Test
    void importsNoInternalsOfMeshCore() {
        if (ownsInternals()) {
            assertThat(main.containPackage("io.inmesh.internal.time")).isTrue();
        } else {
            ModuleRules.noImportOfInternals().check(main);
        }
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
    void marksItsPackagesNull() {
        ModuleRules.nullMarkedPackages().check(main);
    }
}
