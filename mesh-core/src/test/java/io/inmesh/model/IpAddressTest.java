package io.inmesh.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "0.0.0.0, 0.0.0.0",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:DB8::00a, 2001:db8::a",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1, 2001:0:0:1::1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1, ::ffff:10.0.0.1",
        "::ffff:a00:1, ::ffff:10.0.0.1",
        "::10.0.0.1, ::a00:1",
        "1:2:3:4:5:6:10.0.0.1, 1:2:3:4:5:6:a00:1",
        "64:ff9b::10.0.0.1, 64:ff9b::a00:1",
        "fe80::1%eth0, fe80::1%eth0"
    })
    void readsAnAddressAndWritesItInOneForm(String text, String canonical) {
        IpAddress address = IpAddress.parse(text);

        assertThat(address).hasToString(canonical).isEqualTo(IpAddress.parse(canonical));
        assertThat(address).hasSameHashCodeAs(IpAddress.parse(canonical));
        assertThat(address.isV6()).isEqualTo(text.indexOf(':') >= 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "reviews",
                "cafe",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                ".1.2.3.4",
                "1..2.3",
                "256.0.0.1",
                "01.2.3.4",
                "1.2.3.0004",
                "+1.2.3.4",
                "1.2.3.4%eth0",
                "1.2.3.4/8",
                "\u0661.2.3.4",
                ":",
                ":1",
                "1:",
                ":::",
                "1:::2",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "g::",
                "\uff11::",
                "1:2:3:4:5:6:7:10.0.0.1",
                "1:2:3:4:5:6::10.0.0.1",
                "::10.0.0.1:1",
                "::10.0.0",
                "::ffff:010.0.0.1",
                "[::1]",
                "::1%",
                "%eth0:",
                "::1/128"
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(IpAddress.parse(text)).isNull();
        assertThat(IpAddress.isValid(text)).isFalse();
    }

    @Test
    void whatIsTooLongIsNone() {
        assertThat(IpAddress.isValid("fe80::1%" + "e".repeat(92))).isTrue();
        assertThat(IpAddress.isValid("fe80::1%" + "e".repeat(93))).isFalse();
    }

    @Test
    void anIpv4AddressWrittenAsIpv6IsAnotherUntilItIsUnmapped() {
        IpAddress mapped = IpAddress.parse("::ffff:10.0.0.1");
        IpAddress plain = IpAddress.parse("10.0.0.1");

        assertThat(mapped).isNotEqualTo(plain);
        assertThat(mapped.unmapped()).isEqualTo(plain).hasToString("10.0.0.1");
        assertThat(plain.unmapped()).isEqualTo(plain);
        assertThat(IpAddress.parse("::10.0.0.1").unmapped().isV6()).isTrue();
    }

    @Test
    void theZoneBelongsToTheAddress() {
        assertThat(IpAddress.parse("fe80::1%eth0"))
                .isNotEqualTo(IpAddress.parse("fe80::1"))
                .isNotEqualTo(IpAddress.parse("fe80::1%eth1"));
        assertThat(IpAddress.parse("fe80::1%eth0").zone()).isEqualTo("eth0");
        assertThat(IpAddress.parse("fe80::1").zone()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.200.0.1", "2001:db8::ff:1", "::ffff:10.0.0.1", "fe80::1%1"})
    void isTheAddressThatJavaReads(String text) throws UnknownHostException {
        assertThat(IpAddress.parse(text).toInetAddress()).isEqualTo(InetAddress.getByName(text));
    }

    @Test
    void aZoneOfAnotherMachineCannotBeConnectedTo() {
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> IpAddress.parse("fe80::1%nosuchzone").toInetAddress());
    }
}
