package io.inmesh.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reviews          | reviews   |
            Reviews.:80      | Reviews.  | 80
            reviews:9080     | reviews   | 9080
            reviews:         | reviews   | ''
            10.0.0.1:80      | 10.0.0.1  | 80
            [::1]            | [::1]     |
            [::1]:9080       | [::1]     | 9080
            [::1]x           | [::1]x    |
            [::1             | [:        | 1
            a:b:80           | a:b       | 80
            :80              | ''        | 80
            ''               | ''        |
            """)
    void splitsAnyTextAtTheColonBehindTheHost(String text, String host, String port) {
        Authority authority = Authority.of(text);

        assertThat(authority).isEqualTo(new Authority(host, port)).hasToString(text);
        assertThat(Authority.host(text)).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "reviews, http, 80",
        "reviews, HTTPS, 443",
        "[::1], https, 443",
        "reviews:8080, https, 8080",
        "[::1]:8080, http, 8080",
        "reviews:0, http, -1",
        "reviews:65535, http, 65535",
        "reviews:65536, http, -1",
        "reviews:000080, http, -1",
        "reviews:, http, -1",
        "reviews:x, http, -1",
        "reviews:-1, http, -1"
    })
    void readsThePort(String text, String scheme, int port) {
        assertThat(Authority.port(text, scheme)).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "reviews,",
        "10.0.0.1, 10.0.0.1",
        "010.0.0.1,",
        "[::1], ::1",
        "[::ffff:10.0.0.1], ::ffff:10.0.0.1",
        "::1,",
        "[10.0.0.1],",
        "[reviews],",
        "[,",
        "'',"
    })
    void tellsAddressesFromNames(String host, String address) {
        assertThat(Authority.address(host)).isEqualTo(address == null ? null : IpAddress.parse(address));
    }

    @ParameterizedTest
    @CsvSource({"reviews, reviews", "10.0.0.1, 10.0.0.1", "::1, [::1]"})
    void putsIpv6InBrackets(String host, String written) {
        assertThat(Authority.inBrackets(host)).isEqualTo(written);
        assertThat(new Authority(written, null).hostWithoutBrackets()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "reviews,",
        "reviews:1,",
        "reviews.:65535,",
        "[::1],",
        "[::1]:80,",
        "'', it has no host",
        ":80, it has no host",
        "[]:80, it has no host",
        "[::1, the bracket of its IPv6 address is not closed",
        "[::1:80, the bracket of its IPv6 address is not closed",
        "[::1]]:80, there is no IPv6 address within its brackets",
        "[reviews]:80, there is no IPv6 address within its brackets",
        "[::1]80, after the host there must be nothing or a port such as :8080",
        "reviews:, after the host there must be nothing or a port such as :8080",
        "reviews:x, after the host there must be nothing or a port such as :8080",
        "reviews:1:80, after the host there must be nothing or a port such as :8080",
        "::1:80, after the host there must be nothing or a port such as :8080",
        "reviews:0, port 0 is not between 1 and 65535",
        "reviews:65536, port 65536 is not between 1 and 65535"
    })
    void saysWhatIsWrongWithOneThatAPersonWrote(String text, String problem) {
        assertThat(Authority.of(text).problem()).isEqualTo(problem);
    }
}
