package io.inmesh.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        "10.0.0.0/31, 10.0.0.2, false",
        "0.0.0.0/0, 192.0.2.1, true",
        "0.0.0.0/0, [2001:db8::1], false",
        "::/0, 10.0.0.1, false",
        "::/0, [2001:db8::1], true",
        "2001:db8::/33, [2001:db8:7fff::1], true",
        "2001:db8::/33, [2001:db8:8000::1], false",
        "2001:db8::/64, [2001:db8::ffff:0:0:1], true",
        "2001:db8::/64, [2001:db8:0:1::1], false",
        "2001:db8::/65, [2001:db8::8000:0:0:1], false",
        "2001:db8::1/128, [2001:db8::1], true",
        "2001:db8::1/128, [2001:db8::2], false",
        "fe80::/10, [fe80::1%eth0], true",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::ffff:10.0.0.0/104, [::ffff:10.0.0.0], true",
        "::ffff:10.0.0.0/104, 11.1.2.3, false",
        "::ffff:10.0.0.0/128, 10.0.0.1, false"
    })
    void containsTheAddressesThatShareItsPrefix(String block, String host, boolean contained) {
        AddressBlock read = unmapped(block);
        IpAddress address = Authority.address(host);

        assertThat(read).isNotNull();
        assertThat(address).isNotNull();
        assertThat(read.contains(address.unmapped())).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo/bar",
                "foo/8",
                "/8",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/x",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0.256/8",
                "2001:db8::/129",
                "fe80::%eth0/10",
                "::ffff:10.0.0.0/95",
                "1:2/64",
                "10.0.0.0/99999999999"
            })
    void whatIsNoBlockIsNone(String text) {
        assertThat(unmapped(text)).isNull();
    }

    @Test
    void aBlockThatReachesBeyondIpv4IsOneOfIpv6() {
        AddressBlock block = AddressBlock.parse("::ffff:10.0.0.0/95");

        assertThat(block).isEqualTo(new AddressBlock(IpAddress.parse("::ffff:a00:0"), 95));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 32", "::1, 128"})
    void oneAddressIsABlock(String text, int prefix) {
        AddressBlock block = AddressBlock.of(IpAddress.parse(text));

        assertThat(block).isEqualTo(AddressBlock.parse(text + "/" + prefix)).hasToString(text + "/" + prefix);
        assertThat(block.isOneAddress()).isTrue();
        assertThat(AddressBlock.parse(text + "/" + (prefix - 1)).isOneAddress()).isFalse();
    }

    @Test
    void aPrefixHasNoMoreBitsThanAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AddressBlock(IpAddress.parse("10.0.0.0"), 33))
                .withMessageContaining("0 to 32");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, true",
        "10.0.0.0/8, true",
        "::1, true",
        "fe80::1%eth0, true",
        "fe80::1%eth0/10, false",
        "reviews, false",
        "10.0.0.0/33, false"
    })
    void tellsAddressesAndBlocksFromOtherText(String text, boolean expected) {
        assertThat(AddressBlock.isAddressOrBlock(text)).isEqualTo(expected);
    }

    private static AddressBlock unmapped(String text) {
        AddressBlock block = AddressBlock.parse(text);
        return block == null ? null : block.unmapped();
    }
}
