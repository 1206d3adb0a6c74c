package io.inmesh.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rules of {@link ArchitectureContract}. */
final class ModuleRules {

    /** The one package of a module that may read a clock, draw a random number or sleep. */
    private static final String TIME = "io.inmesh..internal.time";

    private static final Set<String> CLOCK_CLASSES = Set.of(
            "java.time.Instant",
            "java.time.LocalDate",
            "java.time.LocalTime",
            "java.time.LocalDateTime",
            "java.time.OffsetDateTime",
            "java.time.ZonedDateTime");

    private static final Set<String> RANDOM_CLASSES = Set.of(
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.concurrent.ThreadLocalRandom",
            "java.security.SecureRandom");

    private ModuleRules() {}

    /**
     * A package may import only packages of strictly lower levels, and each package has a level.
     *
     * @param levels by package name
     */
    static ArchRule lowerLevelsOnly(Map<String, Integer> levels) {
        return classes().should(dependOnLowerLevelsOnly(levels)).allowEmptyShould(true);
    }

    /** For every module but mesh-core. */
    static ArchRule noImportOfInternals() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.inmesh.internal..")
                .because("io.inmesh.internal belongs to mesh-core alone")
                .allowEmptyShould(true);
    }

    static ArchRule noPackageCycles() {
        return SlicesRuleDefinition.slices()
                .matching("io.inmesh.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    static ArchRule noClockRandomOrSleep() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(TIME)
                .should()
                .accessTargetWhere(readsClockDrawsOrSleeps())
                .because("time, randomness and waiting are parameters; only " + TIME + " touches the real ones")
                .allowEmptyShould(true);
    }

    static ArchRule speakingNames() {
        return noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl)(\\$\\d+)?")
                .because("such a name does not say what the class is")
                .allowEmptyShould(true);
    }

    static ArchRule nullMarkedPackages() {
        return classes().should(resideInNullMarkedPackage()).allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> dependOnLowerLevelsOnly(Map<String, Integer> levels) {
        return new ArchCondition<>("depend on packages of lower levels only") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                String from = origin.getPackageName();
                Integer level = levels.get(from);
                if (level == null) {
                    events.add(SimpleConditionEvent.violated(
                            origin, from + " has no level: add it to the levels of ArchitectureTest"));
                    return;
                }
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    String to =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    Integer below = levels.get(to);
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

    private static ArchCondition<JavaClass> resideInNullMarkedPackage() {
        return new ArchCondition<>("reside in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + ": its package has no package-info with @NullMarked"));
                }
            }
        };
    }

    private static DescribedPredicate<JavaAccess<?>> readsClockDrawsOrSleeps() {
        return DescribedPredicate.describe("reads a clock, draws a random number or sleeps", access -> {
            String owner = access.getTargetOwner().getName();
            String member = access.getName();
            return switch (owner) {
                case "java.lang.System" -> member.equals("nanoTime") || member.equals("currentTimeMillis");
                case "java.time.Clock" -> member.startsWith("system") || member.startsWith("tick");
                case "java.lang.Math", "java.lang.StrictMath" -> member.equals("random");
                case "java.util.UUID" -> member.equals("randomUUID");
                case "java.util.random.RandomGenerator" -> member.equals("getDefault") || member.equals("of");
                case "java.util.Collections" -> member.equals("shuffle");
                case "java.lang.Thread" -> member.equals("sleep");
                case "java.util.concurrent.TimeUnit" -> member.equals("sleep");
                case "java.util.concurrent.locks.LockSupport" ->
                    member.equals("parkNanos") || member.equals("parkUntil");
                default ->
                    (CLOCK_CLASSES.contains(owner) && member.equals("now"))
                            || (RANDOM_CLASSES.contains(owner)
                                    && (member.equals(JavaConstructor.CONSTRUCTOR_NAME)
                                            || member.equals("current")
                                            || member.equals("getInstanceStrong")));
            };
        });
    }
}
