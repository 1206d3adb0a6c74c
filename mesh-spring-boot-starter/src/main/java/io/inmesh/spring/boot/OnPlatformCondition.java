package io.inmesh.spring.boot;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where the class path has what InMesh needs. */
public final class OnPlatformCondition extends SpringBootCondition {
    /** Made by Spring. */
    public OnPlatformCondition() {}

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Platform of InMesh");
        return Platform.problem()
                .map(problem -> ConditionOutcome.noMatch(message.because(problem.text())))
                .orElseGet(() -> ConditionOutcome.match(message.because("everything is there")));
    }
}
