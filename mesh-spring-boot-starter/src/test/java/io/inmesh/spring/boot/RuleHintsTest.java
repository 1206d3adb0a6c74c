package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What a native image takes along. */
class RuleHintsTest {

    @Test
    void theRuleFilesOfTheDefaultLocationAreInANativeImage() {
        DefaultGenerationContext generated = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get(TestApplication.class)), new InMemoryGeneratedFiles());
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(TestApplication.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
        }
        RuntimeHints hints = generated.getRuntimeHints();

        assertThat(RuntimeHintsPredicates.resource().forResource("mesh/reviews.yaml"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("mesh/reviews.yml"))
                .accepts(hints);
    }
}
