package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.inmesh.config.source.ConfigReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexSizeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(((a{100}){100}){100}){100}",
                "(?:a{2}){501}",
                "(?P<n>a{2,}){501}",
                "((ab{32,}c){32})",
                "(x|(y{11}z)){3,91}",
                "([]{]{50}){50}",
                "([[:alpha:]]{50}){50}",
                "(\\x{41}{50}){50}",
                "(\\p{Greek}{50}){50}",
                "(\\Qa{\\E{50}){50}",
                "a{99999999999}"
            })
    void refusesWhatGrowsBeyondAllMeasure(String regex) {
        assertThat(RegexSize.of(regex)).isNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a{1000}",
                "(a{10}){100}",
                "(a{2}){500}",
                "(?:/[a-z]{1,40}){2,20}",
                "\\x{41}",
                "\\p{Greek}{1000}",
                "\\Q{1000}{1000}{1000}\\E",
                "[{1000}{1000}]{1000}",
                "a{,5}b{x}c{1001",
                "a{0}",
                "(a{1000}){0,1}",
                "(?i)a{1000}",
                "\\",
                "[",
                "[\\",
                "(",
                ")",
                "(?",
                "\\p{"
            })
    void letsPassWhatGoLetsPass(String regex) {
        assertThat(RegexSize.of(regex)).isNotNegative();
    }

    @Test
    void refusesManyLongRepetitionsInARow() {
        assertThat(RegexSize.of("a{1000}".repeat(90))).isNotNegative();
        assertThat(RegexSize.of("a{1000}".repeat(120))).isNegative();
    }

    @Test
    void aBombInARuleIsAProblemWithPlaceAndFix() {
        ConfigReader.Result result = ConfigReader.strict().read("bomb.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: v}
                        spec:
                          hosts: [reviews]
                          http:
                          - match:
                            - uri: {regex: "((a{1000}){1000}){1000}"}
                            route: [{destination: {host: reviews}}]
                        """);

        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.path()).isEqualTo("spec.http[0].match[0].uri.regex");
            assertThat(problem.origin().line()).isEqualTo(8);
            assertThat(problem.message()).contains("repeats too much");
            assertThat(problem.fix()).isNotBlank();
        });
    }

    @Test
    void theLargestThatPassesCanBeCompiled() {
        String largest = "(aaaaaaaaa){1000}".repeat(9);

        assertThat(RegexSize.of(largest)).isNotNegative();
        assertThat(Pattern.compile(largest).matches("a".repeat(81_000))).isTrue();
    }
}
