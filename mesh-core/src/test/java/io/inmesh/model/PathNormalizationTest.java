package io.inmesh.model;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PathNormalizationTest {
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
    void becomesByTheBaseRules(String raw, String canonical) {
        assertThat(PathNormalization.BASE.canonical(raw)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "//admin, /admin, /admin",
        "/a//b///c/, /a/b/c/, /a/b/c/",
        "///, /, /",
        "/a/.//b, /a/b, /a/b",
        "'/a\\\\b', /a/b, /a/b",
        "/admin%2fx, /admin%2fx, /admin/x",
        "/admin%2F, /admin%2F, /admin/",
        "/admin%5cx, /admin%5cx, /admin/x",
        "/admin%5C%2fx, /admin%5C%2fx, /admin/x",
        "/x/..%2fadmin, /x/..%2fadmin, /admin",
        "/x%2f..%2fadmin, /x%2f..%2fadmin, /admin",
        "%2fadmin, /%2fadmin, /admin",
        "/a%252fb, /a%252fb, /a%252fb",
        "//a?b=//c%2f, /a?b=//c%2f, /a?b=//c%2f",
    })
    void becomesWithMergedAndWithDecodedSlashes(String raw, String merged, String decoded) {
        assertThat(PathNormalization.MERGE_SLASHES.canonical(raw)).isEqualTo(merged);
        assertThat(PathNormalization.DECODE_AND_MERGE_SLASHES.canonical(raw)).isEqualTo(decoded);
    }

    @Test
    void leavesAPathAloneWhenToldSo() {
        assertThat(PathNormalization.NONE.canonical("//x/../%61\\?q")).isEqualTo("//x/../%61\\?q");
    }

    @ParameterizedTest
    @EnumSource
    void leavesACanonicalPathAsTheSameInstance(PathNormalization normalization) {
        String path = "/reviews/0?x=%2e";

        assertThat(normalization.canonical(path)).isSameAs(path);
    }

    @Property
    void isIdempotentAndKeepsNoDotSegment(
            @ForAll
                    @StringLength(max = 24)
                    @Chars({'/', '.', '%', '\\', ';', '?', '2', 'e', 'E', '5', 'c', 'f'})
                    @CharRange(from = 'a', to = 'b')
                    String tail) {
        for (PathNormalization normalization : PathNormalization.values()) {
            String once = normalization.canonical("/" + tail);
            if (normalization == PathNormalization.NONE) {
                continue;
            }
            String path = once.substring(0, PathNormalization.pathEnd(once));
            assertThat(normalization.canonical(once)).isEqualTo(once);
            assertThat(path).startsWith("/").doesNotContain("\\");
            assertThat(path.split("/", -1))
                    .noneMatch(segment -> segment.replaceFirst(";.*", "").matches("\\.{1,2}"));
            if (normalization != PathNormalization.BASE) {
                assertThat(path).doesNotContain("//");
            }
        }
    }
}
