package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.model.Headers.HeaderOperations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderEditsTest {
    private static final HeaderValue.Context CONTEXT = new HeaderValue.Context(
            SimpleRequestHead.of("GET", "http://reviews:9080/p?q=1", Map.of("End-User", List.of("jason"))),
            "/p?q=1",
            503,
            "r1",
            "outbound|9080||reviews",
            Instant.parse("2026-01-31T09:05:07.012345678Z"));

    private static List<HeaderField> apply(HeaderEdits edits, HeaderField... fields) {
        List<HeaderField> headers = new ArrayList<>(List.of(fields));
        edits.apply(headers, CONTEXT);
        return headers;
    }

    private static HeaderOperations operations(Map<String, String> set, Map<String, String> add, String... remove) {
        return new HeaderOperations(set, add, List.of(remove));
    }

    private record RequestFromOutside(String protocol, String callerAddress) implements RequestHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String scheme() {
            return "http";
        }

        @Override
        public String authority() {
            return "bookinfo.example.com";
        }

        @Override
        public int port() {
            return 80;
        }

        @Override
        public String pathAndQuery() {
            return "/";
        }

        @Override
        public int headerCount() {
            return 0;
        }

        @Override
        public String headerName(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public String headerValue(int index) {
            throw new IndexOutOfBoundsException(index);
        }
    }

    /** At a gateway the caller is somebody else. */
    @Test
    void protocolAndCallerAreThoseOfTheRequest() {
        HeaderValue.Context context = new HeaderValue.Context(
                new RequestFromOutside("HTTP/2", "192.0.2.7"), "/", 0, "r1", "", Instant.parse("2026-01-31T09:05:07Z"));
        HeaderValue value =
                Objects.requireNonNull(HeaderValue.of("%PROTOCOL% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"));

        assertThat(value.evaluate(context, List.of())).isEqualTo("HTTP/2 192.0.2.7");
    }

    @Test
    void removalComesFirstThenOverwritingThenAppending() {
        HeaderEdits edits = HeaderEdits.merged(
                List.of(operations(Map.of("a", "set"), Map.of("a", "added", "b", "added"), "A", "b")));

        assertThat(apply(edits, new HeaderField("A", "old"), new HeaderField("B", "old"), new HeaderField("c", "kept")))
                .containsExactly(
                        new HeaderField("c", "kept"),
                        new HeaderField("a", "set"),
                        new HeaderField("a", "added"),
                        new HeaderField("b", "added"));
    }

    @Test
    void setReplacesEveryLineOfTheName() {
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", "new"), Map.of())));

        assertThat(apply(edits, new HeaderField("X", "1"), new HeaderField("y", "2"), new HeaderField("x", "3")))
                .containsExactly(new HeaderField("x", "new"), new HeaderField("y", "2"));
    }

    @Test
    void ofTwoLevelsTheLaterHasTheLastWord() {
        HeaderEdits destination = HeaderEdits.merged(List.of(operations(Map.of("x", "destination"), Map.of())));
        HeaderEdits route = HeaderEdits.merged(List.of(operations(Map.of("x", "route"), Map.of())));

        assertThat(apply(destination.then(route))).containsExactly(new HeaderField("x", "route"));
    }

    @Test
    void hostIsNoHeaderButAnAuthority() {
        HeaderOperations operations =
                operations(Map.of("Host", "set.example"), Map.of("host", "added.example"), "host");

        assertThat(HeaderEdits.merged(List.of(operations)).isEmpty()).isTrue();
        assertThat(HeaderEdits.authority(operations)).isEqualTo("set.example");
    }

    @ParameterizedTest
    @CsvSource({
        "100%%, 100%",
        "%REQ(end-user)%, jason",
        "%REQ(missing?End-User)%!, jason!",
        "%REQ(end-user):2%, ja",
        "%REQ(:path)% %REQ(:method)%, /p?q=1 GET",
        "%RESPONSE_CODE%, 503",
        "%UPSTREAM_CLUSTER%, outbound|9080||reviews",
        "%ROUTE_NAME%, r1",
        "%REQ(end-user)%%RESPONSE_CODE%, jason503",
        "%REQUEST_HEADER(end-user)%, jason",
        "%RESP(server?x-served-by)%, a",
        "%RESPONSE_HEADER(x-served-by)% %RESP(:status)%, a 503",
        "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%, 127.0.0.1",
        "%START_TIME%, 2026-01-31T09:05:07.012Z",
        "t=%START_TIME(%s.%3f)%, t=1769850307.012",
        "%START_TIME(%s%6f)%, 1769850307012345",
        "%START_TIME(%f)%, 012345678",
        "'%START_TIME(%a, %d %b %Y %T %Z)%', 'Sat, 31 Jan 2026 09:05:07 UTC'",
        "'%START_TIME(%A %B %e %y %j %I:%M %p%z)%', 'Saturday January 31 26 031 09:05 AM+0000'",
        "%START_TIME(%F/%D/%R/%E2S/%%)%, 2026-01-31/01/31/26/09:05/07.01/%",
    })
    void substitutes(String value, String expected) {
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", value), Map.of())));

        assertThat(apply(edits, new HeaderField("X-Served-By", "a")))
                .containsExactly(new HeaderField("X-Served-By", "a"), new HeaderField("x", expected));
    }

    @Test
    void theHostNameIsThatOfThisMachine() {
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", "on %HOSTNAME%"), Map.of())));

        assertThat(apply(edits))
                .singleElement()
                .satisfies(field -> assertThat(field.value())
                        .isEqualTo("on " + LocalHostName.get())
                        .isNotEqualTo("on "));
    }

    @Test
    void nothingIsKnownOfTheResponseWhenTheRequestIsEdited() {
        HeaderValue.Context request = new HeaderValue.Context(
                SimpleRequestHead.of("GET", "http://reviews:9080/", Map.of()), "/", 0, "", "", Instant.EPOCH);
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", "a%RESP(b)%%RESPONSE_CODE%"), Map.of())));
        List<HeaderField> headers = new ArrayList<>(List.of(new HeaderField("b", "1")));

        edits.apply(headers, request);

        assertThat(headers).containsExactly(new HeaderField("b", "1"), new HeaderField("x", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%UPSTREAM_HOST%", "a %START_TIME(%Q)%", "%NO_SUCH_THING%", "100%", "%REQ%"})
    void aCommandThatIsNotExecutedIsNotSentAsText(String value) {
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", value, "y", "1"), Map.of())));

        assertThat(apply(edits, new HeaderField("x", "old")))
                .containsExactly(new HeaderField("x", "old"), new HeaderField("y", "1"));
    }

    @Test
    void anEmptyValueIsNotWritten() {
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", "%REQ(missing)%", "y", ""), Map.of())));

        assertThat(apply(edits, new HeaderField("y", "kept"))).containsExactly(new HeaderField("y", "kept"));
    }
}
