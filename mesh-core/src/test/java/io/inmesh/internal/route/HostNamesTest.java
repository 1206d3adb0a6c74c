package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, true",
        "255.255.255.255, true",
        "256.0.0.1, false",
        "1.2.3, false",
        "01.2.3.4, false",
        "::1, true",
        "fe80::1, true",
        "example.com, false",
        "10.0.0.1.example.com, false",
        "cafe, false"
    })
    void tellsAddressesFromNames(String text, boolean address) {
        assertThat(HostNames.isName(text)).isEqualTo(!address);
    }
}
