package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a user reads when the application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalyzersTest {

    private static void start(String file) {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> new SpringApplicationBuilder(TestApplication.class)
                        .web(WebApplicationType.NONE)
                        .run("--spring.config.location=classpath:" + file));
    }

    @Test
    void propertiesWithMistakesAreListedWithPlaceAndFix(CapturedOutput output) {
        start("bad-properties.yaml");

        assertThat(output.toString().replace(System.lineSeparator(), "\n"))
                .contains("APPLICATION FAILED TO START")
                .contains("""
                        Description:

                        Properties under 'mesh.' would not do what they say: 3 errors.

                            bad-properties.yaml:4:16: mesh.services.reviews.timeout
                                '2' has no unit
                                -> write 2s or 2ms

                            bad-properties.yaml:8:21: mesh.services.reviews.routes[0].match[0].headers[0].exact
                                YAML reads this as the Boolean true, which may not be what is written
                                -> put the value in quotes

                            bad-properties.yaml:11:19: mesh.services.reviews.routes[0].to[0].weigth
                                unknown property
                                -> did you mean 'weight'?
                        """)
                .contains("Action:\n\nCorrect the places above");
    }

    @Test
    void rulesWithMistakesAreListedWithPlaceAndFix(CapturedOutput output) {
        start("bad-rules.yaml");

        assertThat(output.toString().replace(System.lineSeparator(), "\n"))
                .contains("APPLICATION FAILED TO START")
                .contains("The rules of the mesh are not valid: 2 errors.")
                .contains("    mesh.resources.reviews (bad-rules.yaml:3:14):7:5: spec.http[0].rout\n"
                        + "        unknown field \"rout\" in HTTPRoute\n"
                        + "        -> did you mean \"route\"?\n")
                .contains("    mesh.resources.ratings (bad-rules.yaml:11:14):1:1\n")
                .contains("The application does not start while rules that are written for it have errors;")
                .contains("mesh.config.fail-fast=false")
                .contains("mesh.config.unsupported=warn");
    }

    @Test
    void aShortFormThatMakesNoSenseIsListedWithPlaceAndFix(CapturedOutput output) {
        start("bad-short-form.yaml");

        assertThat(output.toString().replace(System.lineSeparator(), "\n"))
                .contains("would not do what they say: 2 errors.")
                .contains("    bad-short-form.yaml:4:7: mesh.config.locations[0]\n"
                        + "        there is no rule file at classpath:nowhere/\n"
                        + "        -> correct the location, or write 'optional:' in front of it\n")
                .contains("    bad-short-form.yaml:9:19: mesh.services.reviews.routes[0].to[0].subset\n"
                        + "        this service has no subset 'v1'\n"
                        + "        -> define it under 'subsets'\n");
    }
}
