package io.inmesh.internal.serviceentry;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.DnsLookupFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DnsLookupTest {
    private static final String V4 = "10.0.0.2 10.0.0.1";
    private static final String V6 = "2001:db8::2 2001:db8::1";

    private static List<InetAddress> addresses(String texts) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts.isEmpty() ? new String[0] : texts.split(" ")) {
            addresses.add(InetAddress.getByName(text));
        }
        return addresses;
    }

    private static DnsLookup.Result lookUp(DnsLookupFamily family, boolean onlyIpv6, String answer) throws Exception {
        List<InetAddress> addresses = addresses(answer);
        return new DnsLookup(host -> addresses, family, () -> onlyIpv6).lookUp("api.example.com");
    }

    private static String texts(List<InetAddress> addresses) {
        return String.join(
                " ", addresses.stream().map(InetAddress::getHostAddress).toList());
    }

    @ParameterizedTest
    @CsvSource({
        // family, whether the machine has IPv6 addresses only, what is taken of a name with both, with A, with AAAA
        "AUTO,         false, V4,   V4, V6",
        "AUTO,         true,  V6,   V4, V6",
        "V4_PREFERRED, true,  V4,   V4, V6",
        "V4_ONLY,      true,  V4,   V4, none",
        "V6_ONLY,      false, V6, none, V6",
        "ALL,          false, both, V4, V6",
    })
    void takesTheWantedFamilyInTheOrderOfTheAnswer(
            DnsLookupFamily family, boolean onlyIpv6, String ofBoth, String ofV4, String ofV6) throws Exception {
        assertTaken(lookUp(family, onlyIpv6, V6 + " " + V4), ofBoth);
        assertTaken(lookUp(family, onlyIpv6, V4), ofV4);
        assertTaken(lookUp(family, onlyIpv6, V6), ofV6);
    }

    private static void assertTaken(DnsLookup.Result result, String which) throws Exception {
        String expected = switch (which) {
            case "V4" -> V4;
            case "V6" -> V6;
            case "both" -> V6 + " " + V4;
            default -> "";
        };
        assertThat(result.addresses())
                .containsExactlyElementsOf(addresses(expected).stream()
                        .map(InetAddress::getHostAddress)
                        .toList());
        assertThat(result.failure() == null).isEqualTo(!expected.isEmpty());
    }

    @Test
    void saysWhyNoAddressIsLeftAndWhatToDo() throws Exception {
        assertThat(lookUp(DnsLookupFamily.V4_ONLY, false, V6).failure())
                .isEqualTo(new DnsLookup.Failure(
                        "all its addresses are IPv6, and the DNS lookup family is V4_ONLY",
                        "choose another DNS lookup family, such as AUTO, or another name"));
        assertThat(lookUp(DnsLookupFamily.V6_ONLY, false, V4).failure())
                .extracting(DnsLookup.Failure::reason)
                .isEqualTo("all its addresses are IPv4, and the DNS lookup family is V6_ONLY");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutAddressesIsTheResolversFailure(DnsLookupFamily family) throws Exception {
        assertThat(lookUp(family, false, "").failure())
                .isEqualTo(new DnsLookup.Failure("the answer is empty", "check the name and the resolver"));
    }

    @ParameterizedTest
    @CsvSource({
        // Addresses of the machine, whether IPv6 is all it has.
        "127.0.0.1 ::1,                              false",
        "127.0.0.1 ::1 192.0.2.7,                    false",
        "127.0.0.1 ::1 2001:db8::7,                  true",
        "127.0.0.1 169.254.1.1 fe80::1 2001:db8::7,  true",
        "127.0.0.1 192.0.2.7 2001:db8::7,            false",
        "127.0.0.1 ::1 fe80::1,                      false",
    })
    void onlyAddressesThatOthersReachTellTheMachinesFamily(String own, boolean onlyIpv6) throws Exception {
        assertThat(OwnAddresses.areOnlyIpv6(addresses(own))).isEqualTo(onlyIpv6);
    }

    @Test
    void theFamilyOfTheMachineIsAskedForAtEachLookup() throws Exception {
        List<InetAddress> both = addresses(V4 + " " + V6);
        var moving = Stream.of(false, true).iterator();
        DnsLookup lookup = new DnsLookup(host -> both, DnsLookupFamily.AUTO, moving::next);

        assertThat(String.join(" ", lookup.lookUp("a").addresses())).isEqualTo(V4);
        assertThat(String.join(" ", lookup.lookUp("a").addresses())).isEqualTo(texts(addresses(V6)));
    }
}
