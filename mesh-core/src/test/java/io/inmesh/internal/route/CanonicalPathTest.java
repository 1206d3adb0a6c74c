package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalPathTest {
    @ParameterizedTest
    @CsvSource({
        "/x/../admin, /admin",
        "/./admin, /admin",
        "/admin/.., /",
        "/admin/., /admin/",
        "/a/./b/../c, /a/c",
        "/%61dmin, /admin",
        "/%2e%2e/admin, /admin",
        "/a/%2E%2e/admin, /admin",
        "/..;/admin, /admin",
        "/..;x=y/admin, /admin",
        "'/admin\\x', /admin/x",
        "'\\admin', /admin",
        "/../../x, /x",
        "/a//b, /a//b",
        "//admin, //admin",
        "/admin%2f, /admin%2f",
        "/a%20b, /a%20b",
        "/caf%C3%A9, /caf%C3%A9",
        "/admin;x=1, /admin;x=1",
        "/;a/admin, /;a/admin",
        "/.hidden, /.hidden",
        "/x.y, /x.y",
        "/a%zz, /a%zz",
        "/a%, /a%",
        "/a%2, /a%2",
        "/x?/../y=%61, /x?/../y=%61",
        "/a/../b?c=/./d, /b?c=/./d",
        "?x, /?x",
        "/, /",
    })
    void becomes(String raw, String canonical) {
        assertThat(CanonicalPath.of(raw)).isEqualTo(canonical);
    }

    @Test
    void leavesACanonicalPathAsTheSameInstance() {
        String path = "/reviews/0?x=%2e";

        assertThat(CanonicalPath.of(path)).isSameAs(path);
    }

    @Property
    void isIdempotentAndKeepsNoDotSegment(
            @ForAll
                    @StringLength(max = 24)
                    @Chars({'/', '.', '%', '\\', ';', '?', '2', 'e', 'E', '5', 'c'})
                    @CharRange(from = 'a', to = 'b')
                    String tail) {
        String once = CanonicalPath.of("/" + tail);

        String path = once.substring(0, CanonicalPath.end(once));
        assertThat(path).startsWith("/").doesNotContain("\\");
        assertThat(path.split("/", -1))
                .noneMatch(segment -> segment.replaceFirst(";.*", "").matches("\\.{1,2}"));
    }
}
