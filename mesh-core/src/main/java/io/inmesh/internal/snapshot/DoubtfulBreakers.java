package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.ObjectMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Circuit breakers that rules name for destinations of this process and that are not there, or may not be what is meant. */
final class DoubtfulBreakers {
    private static final String PATH = "metadata.annotations[\"inmesh.io/circuit-breaker\"]";

    private DoubtfulBreakers() {}

    /** One problem for each rule that names one; at most a thousand. */
    static List<ConfigProblem> find(MeshSnapshot snapshot) {
        Map<String, Target> guarded = new HashMap<>();
        for (int slot = 0; slot < snapshot.clusterKeys().size(); slot++) {
            Target target = snapshot.target(slot);
            if (target.asked().policy().extras().circuitBreaker() != null) {
                target.asked().rules().forEach(rule -> guarded.putIfAbsent(rule, target));
            }
        }
        List<ConfigProblem> problems = new ArrayList<>();
        if (guarded.isEmpty()) {
            return problems;
        }
        for (DestinationRule rule : snapshot.background().config().destinationRules()) {
            String name = rule.extras().circuitBreaker();
            Target target = guarded.get(rule.meta().qualifiedName());
            if (name != null
                    && target != null
                    && name.equals(target.asked().policy().extras().circuitBreaker())
                    && problems.size() < ProblemList.MOST) {
                ConfigProblem problem = problem(rule, name, target.asked().breaker());
                if (problem != null) {
                    problems.add(problem);
                }
            }
        }
        return problems;
    }

    private static @Nullable ConfigProblem problem(
            DestinationRule rule, String name, @Nullable DestinationBreaker breaker) {
        if (breaker == null) {
            return problem(
                    rule,
                    Severity.WARNING,
                    ConfigCheck.NOT_EXECUTED,
                    "circuit breaker " + name + " guards no call, because the mesh was given no circuit breakers",
                    "give it those of the application (Mesh.builder().circuitBreakers, in Spring Boot one bean"
                            + " CircuitBreakerRegistry of resilience4j), or remove the annotation");
        }
        String doubt = breaker.breakers().doubt(name);
        return doubt == null
                ? null
                : problem(
                        rule,
                        Severity.NOTE,
                        ConfigCheck.INFORMATION,
                        doubt,
                        "describe it where the others are, or correct the name");
    }

    private static ConfigProblem problem(
            DestinationRule rule, Severity severity, ConfigCheck check, String message, String fix) {
        ObjectMeta meta = rule.meta();
        return ConfigProblem.builder(severity, message)
                .check(check)
                .origin(meta.originOf(PATH, meta.origin()))
                .path(PATH)
                .object(rule.kind() + " " + meta.qualifiedName())
                .fix(fix)
                .build();
    }
}
