package io.inmesh.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleRequestHeadTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://reviews                  | http  | reviews             | 80   | /
            https://reviews                 | https | reviews             | 443  | /
            HTTP://Reviews.Default:9080/x   | http  | Reviews.Default:9080 | 9080 | /x
            http://reviews?a=1              | http  | reviews             | 80   | /?a=1
            http://reviews/a/../b/./c       | http  | reviews             | 80   | /a/../b/./c
            http://reviews//a%2fb;v=1?q=%20 | http  | reviews             | 80   | //a%2fb;v=1?q=%20
            http://reviews/a?u=http://b@c/  | http  | reviews             | 80   | /a?u=http://b@c/
            http://reviews/a#part           | http  | reviews             | 80   | /a
            http://reviews.:80/             | http  | reviews.:80         | 80   | /
            http://[::1]/x                  | http  | [::1]               | 80   | /x
            http://[::1]:8080/x             | http  | [::1]:8080          | 8080 | /x
            """)
    void keepsWhatWasWritten(String url, String scheme, String authority, int port, String pathAndQuery) {
        SimpleRequestHead head = SimpleRequestHead.of("get", url, Map.of());

        assertThat(head).isEqualTo(new SimpleRequestHead("get", scheme, authority, port, pathAndQuery, List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /reviews/0                | does not start with http:// or https://
            ftp://reviews/            | does not start with http:// or https://
            http://                   | has no host
            http:///x                 | has no host
            http://:80/x              | has no host
            http://me:secret@reviews/ | contains user information
            http://reviews:/          | a port such as :8080
            http://reviews:eighty/    | a port such as :8080
            http://reviews:0/         | port 0 is not between 1 and 65535
            http://reviews:65536/     | port 65536 is not between 1 and 65535
            http://[::1/x             | bracket of its IPv6 address is not closed
            http://[::1]80/x          | a port such as :8080
            http://reviews/a b        | contains a space or a control character
            """)
    void saysWhyAUrlCannotBeRead(String url, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimpleRequestHead.of("GET", url, Map.of()))
                .withMessageContaining(url)
                .withMessageContaining(why);
    }

    @Test
    void hostHeaderIsTheAuthorityAndLeavesThePortAlone() {
        SimpleRequestHead head = SimpleRequestHead.of(
                "GET", "http://10.0.0.1:9080/", Map.of("hOST", List.of("reviews"), "end-user", List.of("jason", "x")));

        assertThat(head.authority()).isEqualTo("reviews");
        assertThat(head.port()).isEqualTo(9080);
        assertThat(head.headerCount()).isEqualTo(2);
        assertThat(head.headerName(1)).isEqualTo("end-user");
        assertThat(head.headerValue(1)).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GE T", "GET\r\n"})
    void refusesWhatIsNoMethod(String method) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimpleRequestHead.of(method, "http://reviews/", Map.of()))
                .withMessageContaining("is not a method");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b"})
    void refusesWhatIsNoHeaderName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimpleRequestHead.of("GET", "http://reviews/", Map.of(name, List.of("x"))))
                .withMessageContaining("is not a header name");
    }
}
