package io.inmesh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.inmesh.testing.ModuleRules;
import java.util.Map;

/** Three bands, arrows down only: vocabulary, machinery ({@code internal}), façade (root package and rule sources). */
@AnalyzeClasses(packages = "io.inmesh", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

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
            entry("io.inmesh.cli.clients", 11),
            entry("io.inmesh.cli", 12));

    @ArchTest
    static final ArchRule levels = classes().should(dependOnLowerLevelsOnly());

    @ArchTest
    static final ArchRule noPackageCycles = ModuleRules.noPackageCycles();

    @ArchTest
    static final ArchRule vocabularyKnowsNoMachinery = noClasses()
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
            .resideInAPackage("io.inmesh.internal..");

    @ArchTest
    static final ArchRule nobodyImportsTheFacade = noClasses()
            .that()
            .resideOutsideOfPackages("io.inmesh", "io.inmesh.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.inmesh");

    @ArchTest
    static final ArchRule onlyTheCommandLineUsesPicocli = noClasses()
            .that()
            .resideOutsideOfPackage("io.inmesh.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule onlyTheListOfClientsReadsByteCode = noClasses()
            .that()
            .resideOutsideOfPackage("io.inmesh.cli.clients..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.objectweb.asm..");

    @ArchTest
    static final ArchRule noClockRandomOrSleep = ModuleRules.noClockRandomOrSleep();

    @ArchTest
    static final ArchRule speakingNames = ModuleRules.speakingNames();

    @ArchTest
    static final ArchRule nullMarkedPackages = ModuleRules.nullMarkedPackages();

    private static ArchCondition<JavaClass> dependOnLowerLevelsOnly() {
        return new ArchCondition<>("depend on packages of lower levels only") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                String from = origin.getPackageName();
                Integer level = LEVELS.get(from);
                if (level == null) {
                    events.add(SimpleConditionEvent.violated(
                            origin, from + " has no level: add it to ArchitectureTest.LEVELS"));
                    return;
                }
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    String to =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    Integer below = LEVELS.get(to);
                    if (below != null && !to.equals(from) && below >= level) {
                        events.add(SimpleConditionEvent.violated(
                                dependency,
                                from + " (level " + level + ") -> " + to + " (level " + below + "): "
                                        + dependency.getDescription()));
                    }
                }
            }
        };
    }
}
