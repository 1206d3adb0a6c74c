package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.SimpleRequestHead;
import io.inmesh.model.StringMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldMatcherTest {
    private static SimpleRequestHead head(String url, Map<String, List<String>> headers) {
        return SimpleRequestHead.of("GET", url, headers);
    }

    @ParameterizedTest
    @CsvSource({
        "x=1, 1, true",
        "x=1&x=2, 1, true",
        "x=2&x=1, 1, false",
        "xx=1, 1, false",
        "y=1&x=1, 1, true",
        "x=%31, 1, false",
        "x, '', true",
        "x=, '', true",
        "y, '', false",
    })
    void queryLooksAtTheFirstValueUndecoded(String query, String wanted, boolean matches) {
        FieldMatcher matcher = new FieldMatcher.Query("x", StringMatcher.of(new StringMatch.Exact(wanted)));

        SimpleRequestHead head = head("http://h/?" + query, Map.of());

        assertThat(matcher.matches(head, head.pathAndQuery())).isEqualTo(matches);
    }

    @Test
    void headerNamesIgnoreCaseAndValuesDoNot() {
        FieldMatcher matcher = new FieldMatcher.Header("end-user", StringMatcher.of(new StringMatch.Exact("jason")));

        assertThat(matcher.matches(head("http://h/", Map.of("End-User", List.of("jason"))), "/"))
                .isTrue();
        assertThat(matcher.matches(head("http://h/", Map.of("end-user", List.of("Jason"))), "/"))
                .isFalse();
    }

    @Test
    void eachLineOfAHeaderIsLookedAtByItself() {
        FieldMatcher joined = new FieldMatcher.Header("x", StringMatcher.of(new StringMatch.Exact("a,b")));
        FieldMatcher second = new FieldMatcher.Header("x", StringMatcher.of(new StringMatch.Exact("b")));
        SimpleRequestHead head = head("http://h/", Map.of("x", List.of("a", "b")));

        assertThat(joined.matches(head, "/")).isFalse();
        assertThat(second.matches(head, "/")).isTrue();
    }

    @Test
    void aMissingHeaderCountsAsEmptyWhenItMustNotMatch() {
        SimpleRequestHead none = head("http://h/", Map.of());

        assertThat(without(new StringMatch.Exact("a")).matches(none, "/")).isTrue();
        assertThat(without(new StringMatch.Exact("")).matches(none, "/")).isFalse();
        assertThat(without(new StringMatch.Regex(".*")).matches(none, "/")).isFalse();
        assertThat(without(new StringMatch.Present()).matches(none, "/")).isTrue();
        assertThat(without(new StringMatch.Present()).matches(head("http://h/", Map.of("x-g", List.of(""))), "/"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        ":method, GET, true",
        ":method, POST, false",
        ":scheme, http, true",
        ":authority, h:81, true",
        ":authority, h, false",
        "Host, h:81, true",
        "host, h, false",
        ":path, /a?b, true",
        ":path, /a, false",
        ":status, 200, false",
    })
    void pseudoHeadersAreReadFromTheRequestItself(String name, String wanted, boolean matches) {
        StringMatcher value = StringMatcher.of(new StringMatch.Exact(wanted));
        SimpleRequestHead head = head("http://h:81/a?b", Map.of());

        assertThat(FieldMatcher.header(name, value).matches(head, "/a?b")).isEqualTo(matches);
        assertThat(FieldMatcher.withoutHeader(name, value).matches(head, "/a?b"))
                .isEqualTo(!matches);
    }

    private static FieldMatcher without(StringMatch match) {
        return new FieldMatcher.WithoutHeader("x-g", StringMatcher.of(match));
    }
}
