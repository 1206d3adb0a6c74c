package io.inmesh.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.VirtualService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that is made to cost much costs little and ends in a problem. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BombTest {
    private static final String VIRTUAL_SERVICE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: v}
            spec:
              hosts: [reviews]
              http:
            """;

    private static final String ROUTE = "  - route: [{destination: {host: reviews}}]\n";

    @Test
    void aliasesThatMultiply() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
        }

        assertThat(onlyProblem(text.toString())).contains("more than 1000000 values", "aliases counted");
    }

    @Test
    void anAliasThatContainsItself() {
        assertThat(onlyProblem("a: &a [*a]")).contains("this is an alias, and nothing of its name ends before it");
    }

    @Test
    void aliasesThatAreUsedAsOftenAsAnybodyNeeds() {
        Result result = read("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                spec:
                  hosts: [a]
                  http:
                  - match: [{uri: {prefix: /a}}]
                    route: &route [{destination: {host: reviews}}]
                  - route: *route
                """);

        assertThat(result.problems()).isEmpty();
        assertThat(routes(result))
                .extracting(route -> route.route().get(0).destination().host())
                .containsExactly("reviews", "reviews");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: "})
    void deepNesting(String opening) {
        assertThat(onlyProblem(opening.repeat(200_000))).contains("nested more than 100 deep");
    }

    @Test
    void deepNestingByIndentation() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }

        assertThat(onlyProblem(text.toString())).contains("nested more than 100 deep");
    }

    @Test
    void textThatIsTooLong() {
        assertThat(onlyProblem("#\n".repeat(9 * 1024 * 1024))).contains("more than the 16777216 that are read");
        assertThat(onlyProblem("a: " + "x".repeat(3 * 1024 * 1024))).contains("more than the 2097152 that are read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-\n", "a: 1\n", "? a\n"})
    void tooManyValues(String line) {
        assertThat(onlyProblem(line.repeat(1_100_000))).contains("more than 1000000 values");
    }

    @Test
    void tooManyDocumentsWithProblems() {
        Result result = read("---\na\n".repeat(200_000));

        assertThat(result.problems()).hasSize(1_001);
        assertThat(result.problems().get(1_000).toString())
                .contains(":2001:1: error: the text has 1000 errors up to here; nothing is read from here on");
        assertThat(result.leavesOut()).isTrue();
    }

    @Test
    void nothingIsReadBehindAThousandErrorsAndPoliciesThereRefuseAll() {
        String policy = "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\n";

        Result result = ConfigReader.sensible().forInbound().read("rules.yaml", "---\na\n".repeat(1_000) + policy);

        assertThat(result.problems()).hasSize(1_001);
        assertThat(result.objects()).isEmpty();
        assertThat(result.standIns()).hasSize(1);
        assertThat(ConfigReader.sensible()
                        .read("rules.yaml", "---\na\n".repeat(1_000))
                        .problems())
                .hasSize(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\nkind: ConfigMap\n",
                "apiVersion: networking.istio.io/v1\nkind: Sidecar\n",
                "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {x: 1}\n"
            })
    void whatIsNoErrorHereDoesNotEndReading(String document) {
        Result result = read((document + "---\n").repeat(1_005) + VIRTUAL_SERVICE + ROUTE + "    bad: 1\n---\n"
                + VIRTUAL_SERVICE.replace("name: v", "name: w") + ROUTE);

        assertThat(result.problems())
                .filteredOn(ConfigProblem::isError)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("unknown field \"bad\""));
        assertThat(result.leavesOut()).isTrue();
        assertThat(result.objects()).hasSize(1);
    }

    /** What stands there may be a secret. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*hunter2secret",
                "!hunter2secret x",
                "!hunter2secret!x y",
                "!<hunter2secret> x",
                "{a: \"x\" hunter2secret}",
                "[\"x\" hunter2secret]",
                "[\"x\" 'hunter2secret']",
                "[\"x\" *hunter2secret]",
                "\"x\" hunter2secret",
                "&hunter2secret *hunter2secret",
                "{hunter2secret",
                "\"hunter2secret",
                "'a' hunter2secret: b",
                "\"\\hunter2secret\"",
                "%hunter2secret",
                "@hunter2secret",
                "|hunter2secret",
                "hunter2secret: x",
                "x\n%hunter2secret !hunter2secret! x",
                "x\n- hunter2secret",
                "x\n---\n%TAG !hunter2secret! a\n%TAG !hunter2secret! b\n--- x"
            })
    void whatStandsInAValuesPlaceIsNotTold(String value) {
        Result result = read("apiVersion: v1\nkind: Secret\nstringData:\n  password: " + value + "\n");

        assertThat(result.problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain("hunter2"));
    }

    @Test
    void tooManyProblemsInOneObject() {
        StringBuilder text = new StringBuilder(VIRTUAL_SERVICE);
        for (int i = 0; i < 20_000; i++) {
            text.append(ROUTE).append("    bad").append(i).append(": 1\n");
        }

        Result result = read(text.toString());

        assertThat(result.problems()).hasSize(1_001);
        assertThat(result.problems().get(1_000).message()).matches("\\d+ more problems are not listed");
        assertThat(result.problems().get(1_000).isError()).isTrue();
    }

    @Test
    void tenThousandRoutesAreFine() {
        StringBuilder text = new StringBuilder(VIRTUAL_SERVICE);
        for (int i = 0; i < 10_000; i++) {
            text.append("  - match: [{uri: {prefix: /p").append(i).append("/}, headers: {x: {exact: z}}}]\n");
            text.append("    route: [{destination: {host: a}, weight: 1}, {destination: {host: b}, weight: 2}]\n");
            text.append("    timeout: 5s\n");
        }

        Result result = read(text.toString());

        assertThat(result.problems()).isEmpty();
        assertThat(routes(result)).hasSize(10_000);
    }

    @Test
    void tenThousandRoutesThatCoverEachOtherAreFine() {
        StringBuilder text = new StringBuilder(VIRTUAL_SERVICE);
        for (int i = 0; i < 10_000; i++) {
            text.append("  - match: [{uri: {prefix: ")
                    .append("/a".repeat(i % 400 + 1))
                    .append("}, headers: {x: {exact: h");
            text.append(i % 7).append("}}}]\n    redirect: {uri: /b}\n");
        }

        assertThat(routes(read(text.toString()))).hasSize(10_000);
    }

    @Test
    void aMegabyteOfTextIsFineWhereTextIsFree() {
        Result result = read(VIRTUAL_SERVICE + ROUTE + "    headers: {request: {set: {x: " + "z".repeat(1_000_000)
                + "}}}\n    name: " + "n".repeat(1_000_000));

        assertThat(result.problems()).isEmpty();
        assertThat(routes(result).get(0).headers().request().set().get("x")).hasSize(1_000_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "    route: [{destination: {host: VALUE}}]",
                "    route: [{destination: {host: a}, weight: VALUE}]",
                "    match: [{uri: {regex: VALUE}}]",
                "    timeout: VALUE",
                "    retries: {attempts: 1, retryOn: VALUE}",
                "    redirect: {derivePort: VALUE}",
                "    VALUE: 1",
                "    match: [{headers: {\"a b\": {exact: VALUE, regex: '('}}}]",
                "    headers: {request: {set: {x: '%VALUE'}}}"
            })
    void aMegabyteOfTextElsewhereIsAShortProblem(String field) {
        String route = field.contains("route:") ? "  - name: x\n" : ROUTE;
        for (String piece : List.of("a", "1s", "(")) {
            String value = piece.repeat(1_000_000 / piece.length());
            Result result = read(VIRTUAL_SERVICE + route + field.replace("VALUE", value));

            assertThat(result.objects()).isEmpty();
            assertThat(result.problems())
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.toString()).hasSizeLessThan(2_000));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((((a{10}){10}){10}){10}){10}){10}){10}",
                "((a{100}){100}){100}",
                "((a{0,30}){0,30}){0,30}",
                "(a{2,}){999}",
                "a{1001}",
                "(?:(?:\\pL{40}){40})",
                "(?:[^]{9}]{40}){40}",
                "(?:\\x{10FFFF}{40}){40}"
            })
    void expressionsThatMultiply(String regex) {
        Result result = read(VIRTUAL_SERVICE + ROUTE + "    match: [{uri: {regex: '" + regex + "'}}]");

        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("its counts multiply"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1000}",
                "(a{30}){30}",
                "a{x}",
                "a{,5}",
                "\\Q{2000}\\E{3}",
                "[{2000}]{9}",
                "\\{2000}",
                "\\x{2000}",
                "(((((((((a*)*)*)*)*)*)*)*)*)*"
            })
    void expressionsThatDoNot(String regex) {
        Result result = read(VIRTUAL_SERVICE + ROUTE + "    match: [{uri: {regex: '" + regex + "'}}]");

        assertThat(result.problems()).isEmpty();
    }

    @Test
    void expressionsThatAreLargeTogether() {
        StringBuilder text = new StringBuilder(VIRTUAL_SERVICE);
        for (int i = 0; i < 3_000; i++) {
            text.append(ROUTE)
                    .append("    match: [{uri: {regex: '(a{30}){30}")
                    .append(i)
                    .append("'}}]\n");
        }

        assertThat(read(text.toString()).problems())
                .anyMatch(problem -> problem.message().contains("too large together"));
    }

    @Test
    void treesThatContainThemselvesOrStrangers() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("a", circle);
        Object deep = List.of();
        for (int i = 0; i < 100_000; i++) {
            deep = List.of(deep);
        }

        assertThat(ConfigReader.strict().readTree("tree", circle).problems())
                .extracting(ConfigProblem::message)
                .containsExactly("the object is nested more than 100 deep");
        assertThat(ConfigReader.strict().readTree("tree", deep).hasErrors()).isTrue();
        assertThat(ConfigReader.strict().readTree("tree", new Object()).hasErrors())
                .isTrue();
        assertThat(ConfigReader.strict().readTree("tree", null).problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a: \u0007", "\ud800", "%YAML 9.9\n---\na", "*a", "a: !!x b", "\t- a", "a: 'b"})
    void whatIsNoYaml(String text) {
        Result result = read(text);

        assertThat(result.objects()).isEmpty();
        assertThat(result.hasErrors()).isTrue();
    }

    private static Result read(String text) {
        return ConfigReader.strict().read("bomb.yaml", text);
    }

    private static String onlyProblem(String text) {
        Result result = read(text);
        assertThat(result.objects()).isEmpty();
        assertThat(result.problems()).hasSize(1);
        assertThat(result.problems().get(0).isError()).isTrue();
        return result.problems().get(0).message();
    }

    private static List<HttpRoute> routes(Result result) {
        return ((VirtualService) result.objects().get(0)).http();
    }
}
