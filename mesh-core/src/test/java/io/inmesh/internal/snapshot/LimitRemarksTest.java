package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.explain.LimitUse;
import io.inmesh.explain.LimitUse.Limited;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A limit that is used up is told only where it decides what becomes of a call. */
class LimitRemarksTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | 1 | 0 |
            2 | 1 | 0 | requests is used up (2 of 2): a call now would end with UO
            1 | 2 | 0 | connections is used up (2 of 2): a call now would wait for a connection
            2 | 2 | 0 | connections is used up (2 of 2): a call now would wait for a connection
            2 | 2 | 2 | pending is used up (2 of 2): a call now would end with UO
            1 | 1 | 2 |
            2 | 1 | 2 | requests is used up (2 of 2): a call now would end with UO
            """)
    void oneSentenceTellsWhatBecomesOfACall(int requests, int connections, int pending, String sentence) {
        assertThat(LimitRemarks.of(List.of(
                        new LimitUse(Limited.REQUESTS, "requests", requests, 2),
                        new LimitUse(Limited.CONNECTIONS, "connections", connections, 2),
                        new LimitUse(Limited.PENDING, "pending", pending, 2),
                        new LimitUse(Limited.RETRIES, "retries", 1, 2))))
                .isEqualTo(sentence == null ? List.of() : List.of(sentence));
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 2"})
    void retriesAreToldBeside(int requests, int retries) {
        assertThat(LimitRemarks.of(List.of(
                        new LimitUse(Limited.REQUESTS, "requests", requests, 2),
                        new LimitUse(Limited.RETRIES, "retries", retries, 2))))
                .contains("retries is used up (2 of 2): what was sent and fails now would not be retried")
                .hasSize(requests);
    }
}
