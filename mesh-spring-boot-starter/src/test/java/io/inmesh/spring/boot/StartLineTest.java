package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A new user who put rule files into the wrong folder sees it at start. */
@ExtendWith(OutputCaptureExtension.class)
class StartLineTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MeshAutoConfiguration.class));

    @Test
    void namesTheFolderThatIsNotThere(CapturedOutput output) {
        runner.run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getAll().lines().filter(line -> line.contains("in force in namespace default")))
                .singleElement()
                .asString()
                .contains(
                        "INFO",
                        "Nothing is in force",
                        "nothing yet: classpath:mesh/ (no rule file there on the class path; in a project that is"
                                + " src/main/resources/mesh/)");
    }

    @Test
    void adapterOfClientBeansWarnsOfNothing(CapturedOutput output) {
        runner.withConfiguration(AutoConfigurations.of(MeshHttpClientAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getAll().lines().filter(line -> line.contains("BeanPostProcessor") && line.contains("mesh")))
                .isEmpty();
    }

    @Test
    void namesWhatIsInForceBesideIt(CapturedOutput output, @TempDir Path folder) {
        runner.withPropertyValues(
                        "mesh.config.locations[0]=optional:classpath:mesh/",
                        "mesh.config.locations[1]=optional:" + folder.resolve("rules") + "/",
                        "mesh.config.watch=false",
                        "mesh.services.reviews.timeout=2s")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getAll().lines().filter(line -> line.contains("n force in namespace default")))
                .singleElement()
                .asString()
                .contains(
                        "In force in namespace default: 1 VirtualService",
                        "rules from mesh.services (",
                        "nothing yet: classpath:mesh/ (",
                        folder.resolve("rules") + " (does not exist)");
    }
}
