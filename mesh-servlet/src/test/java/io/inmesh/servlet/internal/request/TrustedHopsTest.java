package io.inmesh.servlet.internal.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedHopsTest {
    /** Lines of the header have a bar between; without any there is none. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "0, none, 10.0.0.1",
                "0, 1.1.1.1, 10.0.0.1",
                "1, none, 10.0.0.1",
                "1, 1.1.1.1, 1.1.1.1",
                "1, '9.9.9.9, 1.1.1.1', 1.1.1.1",
                "1, 9.9.9.9|1.1.1.1, 1.1.1.1",
                "1, 2001:db8::1, 2001:db8::1",
                "2, '9.9.9.9, 1.1.1.1, 10.0.0.2', 1.1.1.1",
                // A proxy is connected, and who stands before it is not known.
                "1, '', ''",
                "1, unknown, ''",
                "1, _hidden, ''",
                "1, 1.1.1.1:5000, ''",
                "1, '1.1.1.1,', ''",
                "1, 1.1.1.1|, ''",
                "2, 1.1.1.1, ''",
                "2, 'x, 10.0.0.2', ''",
                "3, '1.1.1.1, 10.0.0.2', ''",
            })
    void knowsTheClientOrNobody(int hops, String lines, String client) {
        List<String> forwardedFor = lines == null ? List.of() : List.of(lines.split("\\|", -1));

        assertThat(TrustedHops.client(hops, forwardedFor, "10.0.0.1")).isEqualTo(client);
    }
}
