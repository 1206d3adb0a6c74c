package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnreachableRoutesTest extends RulesFixture {
    private static final Pattern MOVE =
            Pattern.compile("move it (to a route of its own )?before (?:http\\[(\\d+)]|\"r(\\d+)\"), or remove it");

    private static final Pattern PLACE = Pattern.compile("spec\\.http\\[(\\d+)](?:\\.match\\[(\\d+)])?");

    /** Nothing is concluded from the large ones: with each path they would be run for long. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyExpressionsAndPathsTakeLittleTime() {
        String small = IntStream.range(0, 200)
                .mapToObj(i -> "uri: {regex: '/r" + i + "/[a-z]+(/[0-9]{1,9})?'} ; uri: {exact: /r" + i + "/abc}")
                .collect(Collectors.joining(" ; "));
        String longPath = "/x".repeat(750);
        String large = IntStream.range(0, 20)
                        .mapToObj(i -> "uri: {regex: '(/[a-z]?){600}[0-9]" + i + "'}")
                        .collect(Collectors.joining(" ; "))
                + IntStream.range(0, 200)
                        .mapToObj(i -> " ; uri: {exact: " + longPath + i + "}")
                        .collect(Collectors.joining());

        assertThat(problems(routes(small)))
                .hasSize(200)
                .allSatisfy(problem -> assertThat(problem.check()).isEqualTo(ConfigCheck.UNREACHABLE_ROUTE));
        assertThat(problems(routes(large))).isEmpty();
    }

    /** Routes are separated by semicolons, their matches by ampersands; a route without any is a dash. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    - ; - | the route http[1] is never used: http[0] before it takes every request; remove it
                    - ; uri: {prefix: /a} | the route http[1] is never used: http[0] before it takes every request; move it before http[0], or remove it
                    uri: {prefix: /} ; uri: {exact: /a} | the route http[1] is never used: http[0] before it takes every request; move it before http[0], or remove it
                    uri: {regex: .*} ; uri: {exact: /a} | the route http[1] is never used: http[0] before it takes every request; move it before http[0], or remove it
                    uri: {exact: /a} ; uri: {exact: /a} | the route http[1] is never used: http[0] before it has the same match; remove it
                    uri: {exact: /a} ; name: m, uri: {exact: /a} | the route http[1] is never used: http[0] before it has the same match; remove it
                    uri: {prefix: /a} ; uri: {prefix: /ab} | the route http[1] is never used: http[0] before it takes all its requests by prefix "/a"; move it before http[0], or remove it
                    uri: {prefix: /a} ; uri: {exact: /a} | the route http[1] is never used: http[0] before it takes all its requests by prefix "/a"; move it before http[0], or remove it
                    uri: {prefix: /a} ; uri: {regex: '/a/[0-9]+'} | the route http[1] is never used: http[0] before it takes all its requests by prefix "/a"; move it before http[0], or remove it
                    uri: {prefix: /a}, ignoreUriCase: true ; uri: {exact: /A} | the route http[1] is never used: http[0] before it takes all its requests by prefix "/a"; move it before http[0], or remove it
                    uri: {regex: '/a.*'} ; uri: {exact: /ab} | the route http[1] is never used: http[0] before it takes all its requests by regex "/a.*"; move it before http[0], or remove it
                    uri: {prefix: /a} ; uri: {prefix: /a}, headers: {X: {exact: v}} | the route http[1] is never used: http[0] before it takes all its requests by prefix "/a"; move it before http[0], or remove it
                    uri: {prefix: /a}, headers: {x: {}} ; uri: {prefix: /a}, headers: {X: {exact: v}} | the route http[1] is never used: http[0] before it takes all its requests by prefix "/a" and header x; move it before http[0], or remove it
                    method: {exact: GET} ; uri: {prefix: /a}, method: {exact: GET} | the route http[1] is never used: http[0] before it takes all its requests by method; move it before http[0], or remove it
                    port: 80 ; uri: {prefix: /a}, port: 80 | the route http[1] is never used: http[0] before it takes all its requests by port; move it before http[0], or remove it
                    sourceLabels: {a: b} ; uri: {prefix: /a}, sourceLabels: {a: b, c: d} | the route http[1] is never used: http[0] before it takes all its requests by caller; move it before http[0], or remove it
                    uri: {prefix: /a} & uri: {prefix: /b} ; uri: {exact: /a} & uri: {exact: /b} | the route http[1] is never used: http[0] before it takes all its requests; move it before http[0], or remove it
                    uri: {prefix: /a} ; uri: {prefix: /b} ; uri: {exact: /a} & uri: {exact: /b} | the route http[2] is never used: http[0] and http[1] before it take all its requests; move it before http[0], or remove it
                    uri: {prefix: /a} ; uri: {exact: /a} & uri: {exact: /a} | the route http[1] is never used: http[0] before it takes all its requests; remove it
                    uri: {prefix: /a} ; uri: {prefix: /a} & uri: {exact: /ab} | the route http[1] is never used: http[0] before it takes all its requests; remove it
                    uri: {prefix: /a} ; uri: {exact: /a} & uri: {prefix: /b} | the match is never used: http[0] before it takes all its requests by prefix "/a"; move it to a route of its own before http[0], or remove it
                    uri: {prefix: /a} ; uri: {prefix: /a} & uri: {prefix: /b} | the match is never used: http[0] before it has the same; remove it
                    uri: {prefix: /a} & uri: {exact: /a} | the match is never used: match[0] before it takes all its requests by prefix "/a"; remove it
                    uri: {prefix: /a} & uri: {prefix: /a} | the match is never used: match[0] before it is the same; remove it
                    """)
    void tellsWhatTakesTheRequests(String routes, String message) {
        List<Route> written = routes(routes);
        List<ConfigProblem> problems = problems(written);

        assertThat(problems)
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message() + "; " + problem.fix()).isEqualTo(message.strip()));
        remedied(written, problems.get(0))
                .forEach(mended -> assertThat(problems(mended)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uri: {prefix: /ab} ; uri: {prefix: /a}",
                "uri: {exact: /a} ; uri: {prefix: /a}",
                "uri: {exact: /a/} ; uri: {exact: /a}",
                "uri: {prefix: /a}, headers: {x: {}} ; uri: {prefix: /ab}",
                "uri: {prefix: /a} ; uri: {prefix: /AB}, ignoreUriCase: true",
                "uri: {prefix: /a} ; uri: {exact: /a}, ignoreUriCase: true",
                "uri: {prefix: /a}, port: 80 ; uri: {prefix: /a}, port: 81",
                "uri: {prefix: /ab} ; uri: {regex: '/ab*'}",
                "uri: {prefix: /ab} ; uri: {regex: '/ab|/c'}",
                "uri: {prefix: /ab} ; uri: {regex: '/a(bc)?'}",
                "uri: {regex: '/a[0-9]'} ; uri: {exact: /ab}",
                "uri: {regex: '/a.*'} ; uri: {prefix: /ab}",
                "withoutHeaders: {x: {}} ; uri: {prefix: /a}",
                "withoutHeaders: {x: {exact: v}} ; withoutHeaders: {x: {exact: z}}",
                "withoutHeaders: {x: {}} ; withoutHeaders: {x: {exact: z}}",
                "headers: {x: {exact: a}} ; headers: {x: {prefix: a}}",
                "queryParams: {x: {exact: a}} ; headers: {x: {exact: a}}",
                "sourceLabels: {a: b} ; sourceLabels: {a: c}",
                "sourceNamespace: x ; uri: {prefix: /a}",
                "gateways: [g] ; uri: {prefix: /a}",
                "gateways: [g] ; gateways: [g, mesh]",
                "sourceLabels: {a: b} ; gateways: [mesh], sourceLabels: {a: b}"
            })
    void saysNothingOfRoutesThatAreReached(String routes) {
        assertThat(problems(routes(routes))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withoutHeaders: {x: {exact: z}} ; withoutHeaders: {x: {}}",
                "gateways: [g, mesh] ; uri: {prefix: /a}",
                "gateways: [g, mesh] ; gateways: [default/g]",
                "headers: {x: {prefix: a}} ; headers: {x: {regex: 'ab+'}}",
                "headers: {x: {regex: 'ab+'}} ; headers: {x: {exact: abb}}"
            })
    void seesWhichConditionAsksForLess(String routes) {
        assertThat(problems(routes(routes))).hasSize(1);
    }

    @Test
    void aDelegateMayLeaveRequestsToTheRoutesBehind() {
        assertThat(object("VirtualService", "hosts: [a], http: [{delegate: {name: d}}, {redirect: {uri: /a}}]")
                        .problems())
                .isEmpty();
        assertThat(object("VirtualService", "hosts: [a], http: [{redirect: {uri: /a}}, {delegate: {name: d}}]")
                        .problems())
                .hasSize(1);
    }

    @Test
    void aDelegateDoesNotKnowItsGateways() {
        String routes = "http: [{match: [{gateways: [mesh]}], redirect: {uri: /a}}, {redirect: {uri: /b}}]";

        assertThat(object("VirtualService", routes).problems()).isEmpty();
        assertThat(object("VirtualService", "hosts: [a], " + routes).problems()).hasSize(1);
    }

    /** What could not be read may have asked for more. */
    @Test
    void concludesNothingFromAMatchThatIsRefused() {
        String routes =
                "http: [{match: [{uri: {prefix: /a}, headers: {x: {exact: 1}}}], redirect: {uri: /a}}, {match: [{uri:"
                        + " {exact: /a}}], redirect: {uri: /b}}]";

        assertThat(object("VirtualService", "hosts: [a], " + routes).problems())
                .extracting(ConfigProblem::check)
                .containsExactly(ConfigCheck.INVALID);
    }

    @Test
    void looksAtRoutesOfTlsAndTcpToo() {
        String to = "route: [{destination: {host: a}}]}";
        assertThat(object(
                                "VirtualService",
                                "hosts: [a], tls: [{match: [{port: 443, sniHosts: [a]}], " + to
                                        + ", {match: [{port: 443, sniHosts: [a]}], " + to + "], tcp: [{" + to
                                        + ", {match: [{port: 1}], " + to + "]")
                        .problems())
                .filteredOn(problem -> problem.check() == ConfigCheck.UNREACHABLE_ROUTE)
                .extracting(problem -> problem.path() + ": " + problem.message())
                .containsExactly(
                        "spec.tls[1]: the route tls[1] is never used: tls[0] before it has the same match",
                        "spec.tcp[1]: the route tcp[1] is never used: tcp[0] before it takes every connection");
    }

    /** Whoever does what a text says has a finding less, whatever else stands there. */
    @Test
    void eachRemedyOfAnyRuleTakesOneFindingAway() {
        List<String> pool = List.of(
                "uri: {prefix: /a}",
                "uri: {prefix: /a/b}",
                "uri: {exact: /a}",
                "uri: {exact: /a/b}",
                "uri: {prefix: /A}, ignoreUriCase: true",
                "uri: {regex: '/a.*'}",
                "uri: {prefix: /a}, headers: {x: {exact: '1'}}",
                "headers: {x: {exact: '1'}}",
                "headers: {x: {}}",
                "method: {exact: GET}",
                "uri: {prefix: /}");
        Random random = new Random(28);
        int remedies = 0;
        for (int round = 0; round < 150; round++) {
            List<Route> written = IntStream.range(0, 2 + random.nextInt(4))
                    .mapToObj(i -> new Route(
                            i,
                            IntStream.range(0, 1 + random.nextInt(2))
                                    .mapToObj(j -> pool.get(random.nextInt(pool.size())))
                                    .toList()))
                    .toList();
            List<ConfigProblem> problems = problems(written);
            for (ConfigProblem problem : problems) {
                for (List<Route> mended : remedied(written, problem)) {
                    assertThat(problems(mended))
                            .as("%s%n%s%n%s", yaml(written), problem, yaml(mended))
                            .hasSizeLessThan(problems.size());
                    remedies++;
                }
            }
        }
        assertThat(remedies).isGreaterThan(100);
    }

    /** A route by the number that it had at first. */
    private record Route(int number, List<String> matches) {}

    private static List<Route> routes(String text) {
        List<Route> routes = new ArrayList<>();
        for (String route : text.split(" ; ", -1)) {
            routes.add(new Route(
                    routes.size(),
                    route.strip().equals("-")
                            ? List.of()
                            : List.of(route.strip().split(" & ", -1))));
        }
        return routes;
    }

    /** The rule after each thing that the text says to do, done to the letter. */
    private static List<List<Route>> remedied(List<Route> routes, ConfigProblem problem) {
        Matcher place = PLACE.matcher(problem.path());
        assertThat(place.matches()).isTrue();
        int at = Integer.parseInt(place.group(1));
        List<List<Route>> mended = new ArrayList<>();
        List<Route> removed = new ArrayList<>(routes);
        Route moved = routes.get(at);
        if (place.group(2) == null) {
            removed.remove(at);
        } else {
            List<String> left = new ArrayList<>(moved.matches());
            moved = new Route(99, List.of(left.remove(Integer.parseInt(place.group(2)))));
            assertThat(left).as("without matches it would take everything").isNotEmpty();
            removed.set(at, new Route(routes.get(at).number(), left));
        }
        mended.add(removed);
        Matcher move = MOVE.matcher(problem.fix());
        if (move.matches()) {
            assertThat(move.group(1) != null).isEqualTo(place.group(2) != null);
            List<Route> changed = new ArrayList<>(removed);
            changed.add(Integer.parseInt(move.group(2)), moved);
            mended.add(changed);
        } else {
            assertThat(problem.fix()).isEqualTo("remove it");
        }
        return mended;
    }

    private static List<ConfigProblem> problems(List<Route> routes) {
        return object("VirtualService", yaml(routes)).problems();
    }

    private static String yaml(List<Route> routes) {
        return routes.stream()
                .map(route -> "{"
                        + (route.matches().isEmpty()
                                ? ""
                                : route.matches().stream().collect(Collectors.joining("}, {", "match: [{", "}], ")))
                        + "redirect: {uri: /to" + route.number() + "}}")
                .collect(Collectors.joining(", ", "hosts: [a], gateways: [g, mesh], http: [", "]"));
    }
}
