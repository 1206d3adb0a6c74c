package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.javapoet.ClassName;

/** What a native image takes along. */
class RuleHintsTest {

    private static RuntimeHints hints() {
        DefaultGenerationContext generated = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get(TestApplication.class)), new InMemoryGeneratedFiles());
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(TestApplication.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
        }
        return generated.getRuntimeHints();
    }

    @Test
    void theRuleFilesOfTheDefaultLocationAreInANativeImage() {
        RuntimeHints hints = hints();

        assertThat(RuntimeHintsPredicates.resource().forResource("mesh/reviews.yaml"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("mesh/reviews.yml"))
                .accepts(hints);
    }

    @Test
    void whatSettingsOfClientsAreReadFromIsInANativeImage() throws ClassNotFoundException {
        RuntimeHints hints = hints();

        assertThat(RuntimeHintsPredicates.reflection()
                        .onFieldAccess(SimpleClientHttpRequestFactory.class.getName(), "readTimeout"))
                .accepts(hints);
        assertThat(hints.reflection().typeHints())
                .filteredOn(type -> type.getType().getCanonicalName().equals(OkHttpClient.class.getName()))
                .singleElement()
                .satisfies(type ->
                        assertThat(type.getMemberCategories()).contains(MemberCategory.INVOKE_DECLARED_METHODS));
    }
}
