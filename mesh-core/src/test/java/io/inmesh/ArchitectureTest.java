package io.inmesh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.testing.ArchitectureContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Three bands, arrows down only: vocabulary, machinery ({@code internal}), façade (root package and rule sources). */
class ArchitectureTest extends ArchitectureContract {

    private static final Path ROOT = Path.of("..");

    /** A package may import only packages of strictly lower levels. A new package gets its level here. */
    private static final Map<String, Integer> LEVELS = Map.ofEntries(
            entry("io.inmesh.model", 0),
            entry("io.inmesh.endpoint", 1),
            entry("io.inmesh.internal.time", 1),
            entry("io.inmesh.config", 2),
            entry("io.inmesh.event", 3),
            entry("io.inmesh.internal.text", 3),
            entry("io.inmesh.call", 4),
            entry("io.inmesh.internal.host", 4),
            entry("io.inmesh.internal.istio", 4),
            entry("io.inmesh.internal.manifest", 4),
            entry("io.inmesh.inbound", 5),
            entry("io.inmesh.resilience4j", 5),
            entry("io.inmesh.explain", 5),
            entry("io.inmesh.observe", 5),
            entry("io.inmesh.internal.route", 5),
            entry("io.inmesh.internal.balance", 5),
            entry("io.inmesh.internal.cluster", 6),
            entry("io.inmesh.internal.check", 6),
            entry("io.inmesh.internal.serviceentry", 6),
            entry("io.inmesh.internal.snapshot", 7),
            entry("io.inmesh.internal.subscription", 8),
            entry("io.inmesh.internal.engine", 8),
            entry("io.inmesh.internal.control", 9),
            entry("io.inmesh.config.source", 10),
            entry("io.inmesh", 10),
            entry("io.inmesh.telemetry.accesslog", 11),
            entry("io.inmesh.telemetry.metrics", 11),
            entry("io.inmesh.telemetry.trace", 11),
            entry("io.inmesh.console", 12),
            entry("io.inmesh.cli.clients", 11),
            entry("io.inmesh.cli.findings", 11),
            entry("io.inmesh.cli", 12));

    @Override
    protected boolean ownsInternals() {
        return true;
    }

    @Test
    void packagesImportLowerLevelsOnly() {
        importsLowerLevelsOnly(LEVELS);
    }

    @Test
    void vocabularyKnowsNoMachinery() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.inmesh.model..",
                        "io.inmesh.endpoint..",
                        "io.inmesh.config",
                        "io.inmesh.event..",
                        "io.inmesh.call..",
                        "io.inmesh.explain..",
                        "io.inmesh.observe..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.inmesh.internal..")
                .check(main);
    }

    @Test
    void nobodyImportsTheFacade() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.inmesh", "io.inmesh.cli..", "io.inmesh.telemetry..", "io.inmesh.console..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.inmesh")
                .check(main);
    }

    @Test
    void nullAnnotationsAreThoseOfJSpecify() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.annotation..")
                .check(main);
    }

    @Test
    void onlyTelemetryUsesMicrometerAndOpenTelemetry() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.inmesh.telemetry..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.opentelemetry..")
                .check(main);
    }

    @Test
    void onlyTheAdapterUsesResilience4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.inmesh.resilience4j..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.resilience4j..")
                .check(main);
    }

    @Test
    void onlyTheCommandLineUsesPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.inmesh.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(main);
    }

    @Test
    void onlyTheListOfClientsReadsByteCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.inmesh.cli.clients..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.objectweb.asm..")
                .check(main);
    }

    @Test
    void everyModuleHasAnArchitectureTest() throws IOException {
        List<Path> modules = modulesBelow(ROOT, 2);
        assertThat(modules).contains(ROOT.resolve("mesh-core"), ROOT.resolve("mesh-spring-boot-starter/agent"));
        assertThat(modules.stream()
                        .filter(module -> !module.equals(ROOT.resolve("jmh")))
                        .filter(module -> !hasArchitectureTest(module.resolve("src/test/java"))))
                .isEmpty();
    }

    /** Modules with sources. What a build writes comes and goes meanwhile, so it is not looked into. */
    private static List<Path> modulesBelow(Path folder, int levels) throws IOException {
        List<Path> modules = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file.resolve("pom.xml")) && Files.isDirectory(file.resolve("src/main/java"))) {
                    modules.add(file);
                }
                if (levels > 1 && Files.isDirectory(file) && !file.endsWith("target")) {
                    modules.addAll(modulesBelow(file, levels - 1));
                }
            }
        }
        return modules;
    }

    private static boolean hasArchitectureTest(Path tests) {
        try (Stream<Path> files =
                Files.find(tests, Integer.MAX_VALUE, (file, what) -> file.endsWith("ArchitectureTest.java"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("class ArchitectureTest extends ArchitectureContract")) {
                    return true;
                }
            }
            return false;
        } catch (IOException none) {
            return false;
        }
    }
}
