package io.inmesh.servlet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.PathNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPolicyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "admin",
                "?x",
                "http://evil/",
                "/admin;a=b",
                "/;a/admin",
                "/..;/admin",
                "/.;/admin",
                "/a;/../b",
                "/admin%3ba=b",
                "/admin%3B",
                "/admin%2fx",
                "/admin%2F",
                "/..%2fadmin",
                "/admin%5cx",
                "/..%5Cadmin",
                "/admin\\x",
                "\\admin",
                "/admin%00",
                "/admin%00.html",
                "/a%0d%0aX: y",
                "/a%0a",
                "/a%09",
                "/a%7f",
                "/a%C2%85",
                "/a\r\nX: y",
                "/a b",
                "/a\0",
                "/a#b",
                "/a?b#c",
                "/a?b c",
                "/a?b\nc",
                "/caf\u00e9",
                "/a?\u00e9",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a%2x",
                "/%%32e%%32e/admin",
                "/%c0%ae%c0%ae/admin",
                "/a%c0%af",
                "/a%e0%80%af",
                "/a%f0%80%80%af",
                "/a%c1%9c",
                "/a%ff",
                "/a%80",
                "/a%e2%82",
                "/a%ed%a0%80",
                "/a%f4%90%80%80",
                "/a%f8%88%80%80%80",
                "/../admin",
                "/%2e%2e/admin",
                "/a/../../admin",
                "/a/%2E./%2e%2E/b",
                "/a//../admin",
                "/a//b/../../c",
                "//..",
            })
    void refuses(String path) {
        assertThat(PathPolicy.STRICT.problem(path)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/, /, /",
        "/admin, /admin, /admin",
        "/admin/, /admin/, /admin/",
        "//admin, /admin, /admin",
        "/a///b//, /a/b/, /a/b/",
        "/a/./b/../c, /a/c, /a/c",
        "/a/.., /, /",
        "/.hidden/..., /.hidden/..., /.hidden/...",
        "/%61dmin, /admin, /admin",
        "/x/%2e%2E/admin, /admin, /admin",
        "/a%20b, /a%20b, /a b",
        "/caf%C3%A9, /caf%C3%A9, /caf\u00e9",
        "/caf%c3%a9, /caf%c3%a9, /caf\u00e9",
        "/%F0%9F%98%80, /%F0%9F%98%80, /\ud83d\ude00",
        "/a%40b, /a%40b, /a@b",
        "/a@b, /a@b, /a@b",
        "/100%25, /100%25, /100%",
        "/a%252fb, /a%252fb, /a%2fb",
        "/a%23b, /a%23b, /a#b",
        "/a%3Fb, /a%3Fb, /a?b",
        "/x?/../y=%61;%2f%00, /x?/../y=%61;%2f%00, /x",
        "/a+b, /a+b, /a+b",
    })
    void bringsToOneForm(String path, String canonical, String judged) {
        assertThat(PathPolicy.STRICT.problem(path)).isNull();
        assertThat(PathPolicy.STRICT.canonical(path)).isEqualTo(canonical);
        assertThat(PathPolicy.STRICT.judged(canonical)).isEqualTo(judged);
    }

    @ParameterizedTest
    @CsvSource({
        "/admin;a=b?x;y, /admin?x;y",
        "/a;x/../b;y/c;, /b/c",
        "/a/..;x/b, /b",
        "/;jsessionid=1, /",
    })
    void cutsParametersOffBeforeDotSegmentsAreLookedAt(String path, String canonical) {
        PathPolicy policy = PathPolicy.STRICT.removingParameters();

        assertThat(policy.problem(path)).isNull();
        assertThat(policy.canonical(path)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/..;/admin", "/;/..;a/x", "/admin%3b"})
    void refusesWhatParametersHide(String path) {
        assertThat(PathPolicy.STRICT.removingParameters().problem(path)).isNotNull();
    }

    @Test
    void decodesSlashesWhereToldSo() {
        PathPolicy policy = PathPolicy.STRICT.withNormalization(PathNormalization.DECODE_AND_MERGE_SLASHES);

        assertThat(policy.problem("/a%2f%5Cb")).isNull();
        assertThat(policy.canonical("/a%2f%5Cb")).isEqualTo("/a/b");
        assertThat(policy.problem("/..%2fadmin")).isNotNull();
        assertThat(policy.problem("/a%2f/../b")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"NONE, //a", "NONE, /a/../b", "BASE, //a", "BASE, /a//", "NONE, /%61"})
    void refusesWhatItsFormWouldLeaveToServletContainers(PathNormalization normalization, String path) {
        assertThat(PathPolicy.STRICT.withNormalization(normalization).problem(path))
                .isNotNull();
        assertThat(PathPolicy.STRICT.withNormalization(normalization).problem("/a/b?c=//d"))
                .isNull();
    }

    @Test
    void takesEverythingAsIstioDoesWhenToldSo() {
        PathPolicy policy = PathPolicy.AS_ISTIO;

        assertThat(policy.problem("/../a;b//%2f%00")).isNull();
        assertThat(policy.canonical("/../a;b//%2f%00")).isEqualTo("/a;b//%2f%00");
        assertThat(policy.judged("/a%40b?q")).isEqualTo("/a%40b");
    }
}
