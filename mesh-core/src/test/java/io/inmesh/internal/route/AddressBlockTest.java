package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/32, 10.0.0.0, true",
        "0.0.0.0/0, 192.0.2.1, true",
        "0.0.0.0/0, [2001:db8::1], false",
        "2001:db8::/33, [2001:db8:7fff::1], true",
        "2001:db8::/33, [2001:db8:8000::1], false",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::ffff:10.0.0.0/104, [::ffff:10.0.0.0], true",
        "::ffff:10.0.0.0/104, 11.1.2.3, false",
        "::ffff:10.0.0.0/128, 10.0.0.1, false"
    })
    void containsTheAddressesThatShareItsPrefix(String block, String address, boolean contained) {
        AddressBlock read = AddressBlock.parse(block);
        byte[] bytes = AddressBlock.address(address);

        assertThat(read).isNotNull();
        assertThat(bytes).isNotNull();
        assertThat(read.contains(bytes)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo/bar",
                "foo/8",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/x",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.256/8",
                "2001:db8::/129",
                "::ffff:10.0.0.0/95",
                "1:2/64",
                "10.0.0.0/99999999999"
            })
    void whatIsNoBlockIsNone(String text) {
        assertThat(AddressBlock.parse(text)).isNull();
    }

    @Test
    void aNameIsNoAddress() {
        assertThat(AddressBlock.address("reviews")).isNull();
    }
}
