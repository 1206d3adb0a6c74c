package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EjectionFindingsTest {
    private static CheckedFile file(int endpoints, int percent) {
        return CheckedFile.of(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: bank}
                spec:
                  hosts: [bank.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: STATIC
                  endpoints: [%s]
                """.formatted(IntStream.rangeClosed(1, endpoints)
                        .mapToObj(i -> "{address: 10.0.0." + i + "}")
                        .collect(Collectors.joining(", "))),
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: bank}
                spec:
                  host: bank.example.com
                  trafficPolicy: {outlierDetection: {maxEjectionPercent: %d}}
                """.formatted(percent));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 49, 50 %, 50",
        "3, 33, more than 33 %, 34",
        "6, 16, more than 16 %, 17",
        "7, 14, more than 14 %, 15",
        "9, 11, more than 11 %, 12"
    })
    void tellsTheShareThatIsTooLargeAndTheLeastThatIsNot(int endpoints, int percent, String share, int least) {
        assertThat(file(endpoints, percent).lines(ConfigCheck.EJECTS_NOBODY))
                .containsExactly("15 spec.trafficPolicy.outlierDetection: none of the " + endpoints
                        + " endpoints of bank.example.com is ever ejected: one of them is " + share
                        + ", and maxEjectionPercent is " + percent + "; write maxEjectionPercent: " + least
                        + ", with which one of them may be ejected");
        assertThat(file(endpoints, least).lines(ConfigCheck.EJECTS_NOBODY)).isEmpty();
    }
}
