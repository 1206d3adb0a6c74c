package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.model.Headers.HeaderOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderEditsTest {
    private static final HeaderValue.Context CONTEXT = new HeaderValue.Context(
            SimpleRequestHead.of("GET", "http://reviews:9080/p?q=1", Map.of("End-User", List.of("jason"))),
            "/p?q=1",
            503,
            "r1",
            "outbound|9080||reviews");

    private static List<HeaderField> apply(HeaderEdits edits, HeaderField... fields) {
        List<HeaderField> headers = new ArrayList<>(List.of(fields));
        edits.apply(headers, CONTEXT);
        return headers;
    }

    private static HeaderOperations operations(Map<String, String> set, Map<String, String> add, String... remove) {
        return new HeaderOperations(set, add, List.of(remove));
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
        "100%, 100%",
        "%REQ(end-user)%, jason",
        "%REQ(missing?End-User)%!, jason!",
        "%REQ(end-user):2%, ja",
        "%REQ(:path)% %REQ(:method)%, /p?q=1 GET",
        "%RESPONSE_CODE%, 503",
        "%UPSTREAM_CLUSTER%, outbound|9080||reviews",
        "%ROUTE_NAME%, r1",
        "%NO_SUCH_THING%, %NO_SUCH_THING%",
        "%REQ(end-user)%%RESPONSE_CODE%, jason503",
    })
    void substitutes(String value, String expected) {
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", value), Map.of())));

        assertThat(apply(edits)).containsExactly(new HeaderField("x", expected));
    }

    @Test
    void anEmptyValueIsNotWritten() {
        HeaderEdits edits = HeaderEdits.merged(List.of(operations(Map.of("x", "%REQ(missing)%", "y", ""), Map.of())));

        assertThat(apply(edits, new HeaderField("y", "kept"))).containsExactly(new HeaderField("y", "kept"));
    }
}
