package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.DestinationExtras;
import io.inmesh.model.DestinationRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationAnnotationsTest {
    private static Result read(String kind, String annotations) {
        return ConfigReader.strict()
                .read(
                        "rule.yaml",
                        """
                apiVersion: networking.istio.io/v1
                kind: %s
                metadata:
                  name: reviews
                  annotations:
                    %s
                spec: {%s}
                """.formatted(
                                        kind,
                                        annotations,
                                        kind.equals("DestinationRule")
                                                ? "host: reviews"
                                                : "hosts: [a.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS"));
    }

    private static DestinationExtras extras(String annotations) {
        Result result = read("DestinationRule", annotations);
        assertThat(result.problems()).isEmpty();
        return ((DestinationRule) result.objects().get(0)).extras();
    }

    @Test
    void readsBoth() {
        assertThat(extras("{inmesh.io/hedge-after-percentile: \"99.5\", inmesh.io/circuit-breaker: reviews}"))
                .isEqualTo(new DestinationExtras(99.5, "reviews"));
    }

    @Test
    void passesOverAnnotationsOfOthers() {
        assertThat(extras("{example.com/hedge: x, not-inmesh.io/y: z}")).isSameAs(DestinationExtras.NONE);
    }

    @Test
    void surviveACopyOfTheRule() {
        DestinationRule rule = (DestinationRule) read("DestinationRule", "inmesh.io/hedge-after-percentile: \"50\"")
                .objects()
                .get(0);

        assertThat(rule.toBuilder().build()).isEqualTo(rule);
        assertThat(rule.extras().hedgeAfterPercentile()).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "100", "-5", "p95", "95%", "NaN", "9e1", "", " 95"})
    void refusesWhatIsNoPercentile(String value) {
        assertProblem(
                read("DestinationRule", "inmesh.io/hedge-after-percentile: \"" + value + "\""),
                "hedge-after-percentile",
                "is no percentile to hedge after",
                "above 0 and below 100");
    }

    @ParameterizedTest
    @CsvSource({
        "DestinationRule, circuit-breaker, '', the circuit breaker has no name, write the name",
        "DestinationRule, hedge-after-percentil, 95, InMesh has no annotation, did you mean",
        "DestinationRule, mirror, 95, InMesh has no annotation, 'inmesh.io/hedge-after-percentile, inmesh.io/circuit-breaker'",
        "ServiceEntry, circuit-breaker, a, is none of a ServiceEntry, it belongs on the DestinationRule of the host",
        "ServiceEntry, mirror, a, is none of a ServiceEntry, those there are belong on a DestinationRule"
    })
    void refusesWhatIsNotThere(String kind, String name, String value, String message, String fix) {
        assertProblem(read(kind, "inmesh.io/" + name + ": \"" + value + "\""), name, message, fix);
    }

    private static void assertProblem(Result result, String name, String message, String fix) {
        assertThat(result.objects()).isEmpty();
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("metadata.annotations[\"inmesh.io/" + name + "\"]");
            assertThat(problem.origin().line()).isEqualTo(6);
            assertThat(problem.message()).contains(message);
            assertThat(problem.fix()).contains(fix);
        });
    }
}
