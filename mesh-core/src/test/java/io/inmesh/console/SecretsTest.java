package io.inmesh.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @Test
    void hidesValuesOfHeaders() {
        assertThat(Secrets.shown(Map.of(
                        "Authorization",
                        List.of("a"),
                        "cookie",
                        List.of("b"),
                        "x-api-key",
                        List.of("c"),
                        "x-user",
                        List.of("d"))))
                .containsEntry("Authorization", List.of(Secrets.HIDDEN))
                .containsEntry("cookie", List.of(Secrets.HIDDEN))
                .containsEntry("x-api-key", List.of(Secrets.HIDDEN))
                .containsEntry("x-user", List.of("d"));
    }

    private static String shown(String text) {
        return String.join("\n", Secrets.shown(text.lines().toList()));
    }

    @Test
    void showsDocumentsThatTellOfNoSecretAsTheyAre() {
        String text = """
                # stars
                headers: {end-user: {exact: "jason"}}
                kind: AuthorizationPolicy
                paths:
                - /admin
                """;
        assertThat(shown(text + "---\nauthorization: s3cret\n"))
                .startsWith(text)
                .doesNotContain("s3cret");
    }

    @Test
    void showsKeysAndWordsOfTheMeshBesideSecrets() {
        assertThat(shown("""
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop, shop.example]
                  http:
                  - match:
                    - headers:
                        authorization:
                          exact: Bearer s3cret
                    route:
                    - destination: {host: shop, subset: v2, port: {number: 80}}
                      weight: 10
                    timeout: 2s
                """)).doesNotContain("s3cret").isEqualTo("""
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop, shop.example]
                  http:
                  - match:
                    - headers:
                        authorization:
                          ******
                    route:
                    - destination: {host: shop, subset: v2, port: {number: 80}}
                      weight: 10
                    timeout: 2s""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "headers: {request: {set: {x-api-key: s3cret, other: s3cret}}}",
                "- x-token: s3cret\n  cookie: |\n    s3cret\n\n    name: s3cret\n",
                "- name: authorization\n  value: Bearer s3cret",
                "- value: s3cret\n  name: x-auth",
                "# authorization: Bearer s3cret",
                "x-session-id: s3cret",
                "x-forwarded-client-cert: s3cret",
                "when:\n- key: request.headers[x-api-key]\n  values: [\"s3cret\"]\n  notValues:\n  - s3cret",
                "headers:\n  authorization:\n#   exact: s3cret\n    exact: s3cret",
                "#  authorization:\n#    exact: s3cret",
                "- {name: authorization, value: s3cret}",
                "- name: authorization # remark\n  value: s3cret",
                "- name: authorization\n\n  value: s3cret",
                "- value: s3cret\n  other: x\n  name: authorization",
                "- name: x-token\n  stringMatch:\n    exact: s3cret",
                "x-token\t: s3cret",
                "authorization:\n\texact: s3cret",
                "kind: Secret\nstringData:\n  tls.key: |\n    -----BEGIN PRIVATE KEY-----\n    s3cret\n    name: s3cret",
                "kind: Secret\ndata: {a: s3cret}",
                "kind: Secret\ndata:\n  name: s3cret",
                "x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  s3cret",
                "password: >-\n  host: s3cret",
                "'api-key': [s3cret,\n  s3cret]",
                "--- # token\na: s3cret"
            })
    void hidesSecretsInAnyForm(String text) {
        assertThat(shown(text)).doesNotContain("s3cret");
    }

    @Test
    void hidesWhatAProblemQuotes() {
        assertThat(Secrets.withoutQuoted("\"s3cr\"et(\" is no expression")).isEqualTo("\"******\" is no expression");
    }

    @Test
    void hidesSecretsInSentences() {
        assertThat(Secrets.text("matches header authorization exact 'Bearer s3cret'"))
                .doesNotContain("s3cret");
        assertThat(Secrets.text("matches header x-token prefix 'it's s3cret'")).doesNotContain("s3cret");
        assertThat(Secrets.text("/a?x=1&access_token=s3cret&y=2")).isEqualTo("/a?x=1&access_token=******&y=2");
        assertThat(Secrets.text("/a?sig=s3cret;access%5Ftoken=s3cret&y=2")).isEqualTo("/a?sig=******&y=2");
        assertThat(Secrets.text("/a?access%5Ftoken=s3cret&y=2")).isEqualTo("/a?access%5Ftoken=******&y=2");
        assertThat(Secrets.text("header x-other exact 'Basic s3cret'")).doesNotContain("s3cret");
        assertThat(Secrets.text("matches header end-user exact 'jason'"))
                .isEqualTo("matches header end-user exact 'jason'");
        assertThat(Secrets.document(Map.of("why", List.of(Map.of("reason", "Bearer s3cret"))))
                        .toString())
                .doesNotContain("s3cret");
    }

    /** Backtracking would take minutes. */
    @Test
    @Timeout(20)
    void longTextsTakeNoLongerThanTheirLength() {
        String line = " ".repeat(60) + "x".repeat(20);
        List<String> many = Collections.nCopies(100_000, line);
        assertThat(Secrets.shown(many)).isEqualTo(many);
        assertThat(Secrets.shown(List.of("x".repeat(4000), "token".repeat(800))))
                .hasSize(2);
        assertThat(Secrets.shown(List.of("x".repeat(2_000_000)))).containsExactly(Secrets.HIDDEN);
        assertThat(Secrets.text("header " + "token.".repeat(600))).isNotEmpty();
    }

    @Test
    void diffTellsWhatChangedWithLinesAround() {
        List<String> before = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
        List<String> after = List.of("1", "2", "3", "4", "5", "6", "seven", "8", "9", "10", "11", "12", "13");
        assertThat(LineDiff.of(before, after))
                .extracting(line -> line.kind() + " " + line.before() + " " + line.after() + " " + line.text())
                .containsExactly(
                        "same 4 4 4",
                        "same 5 5 5",
                        "same 6 6 6",
                        "removed 7 0 7",
                        "added 0 7 seven",
                        "same 8 8 8",
                        "same 9 9 9",
                        "same 10 10 10",
                        "same 11 11 11",
                        "same 12 12 12",
                        "added 0 13 13");
        assertThat(LineDiff.of(before, before)).isEmpty();
        assertThat(LineDiff.of(List.of(), List.of("a"))).containsExactly(new LineDiff.Line("added", 0, 1, "a"));
        assertThat(LineDiff.of(List.of("x", "a", "y", "b", "z"), List.of("a", "b", "z")))
                .extracting(line -> line.kind() + line.text())
                .containsExactly("removedx", "samea", "removedy", "sameb", "samez");
    }
}
