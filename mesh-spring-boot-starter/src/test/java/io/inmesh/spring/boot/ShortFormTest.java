package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpDirectResponse;
import io.inmesh.model.HttpFaultInjection;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRedirect;
import io.inmesh.model.HttpRewrite;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.LoadBalancerSettings;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.StringMatch;
import io.inmesh.model.VirtualService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortFormTest {

    private PropertyProblems problems = new PropertyProblems(new PropertyPlaces());

    private MeshConfig compile(String yaml) {
        YamlEnvironment environment = YamlEnvironment.of(yaml);
        PropertyCheck.Result check = PropertyCheck.run(environment.environment(), MeshProperties.class);
        assertThat(check.problems()).isEmpty();
        problems = new PropertyProblems(check.places());
        return ShortForm.compile(environment.bind().services(), "shop", "cluster.local", problems);
    }

    private MeshConfig good(String yaml) {
        MeshConfig config = compile(yaml);
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).isEmpty();
        return config;
    }

    private HttpRoute route(String yaml) {
        return good("mesh: {services: {reviews: {subsets: {v1: {version: v1}, v2: {version: v2}}, routes: [" + yaml
                        + "]}}}")
                .virtualServices()
                .get(0)
                .http()
                .get(0);
    }

    private ConfigProblem bad(String yaml) {
        compile("mesh:\n  services:\n    reviews:\n      " + yaml + "\n");
        assertThat(problems.errors()).hasSize(1);
        return problems.errors().get(0);
    }

    @Test
    void endpointsBecomeAServiceEntry() {
        MeshConfig config = good("""
                mesh:
                  services:
                    reviews:
                      port: 9080
                      endpoints:
                      - {address: "127.0.0.1:9081", labels: {version: v1}}
                      - {address: "[::1]:9082", weight: 3, locality: eu/a}
                """);

        assertThat(config.virtualServices()).isEmpty();
        assertThat(config.destinationRules()).isEmpty();
        ServiceEntry entry = config.serviceEntries().get(0);
        assertThat(entry.meta().qualifiedName()).isEqualTo("shop/reviews");
        assertThat(entry.meta().origin()).hasToString("application.yaml:4:13");
        assertThat(entry.hosts()).containsExactly("reviews.shop.svc.cluster.local");
        assertThat(entry.ports()).containsExactly(new ServiceEntry.Port(9080, "HTTP", "http", 0));
        assertThat(entry.resolution()).isEqualTo(ServiceEntry.Resolution.STATIC);
        assertThat(entry.endpoints().get(0))
                .returns("127.0.0.1", endpoint -> endpoint.address())
                .returns(Map.of("http", 9081), endpoint -> endpoint.ports())
                .returns(Map.of("version", "v1"), endpoint -> endpoint.labels())
                .returns(0, endpoint -> endpoint.weight());
        assertThat(entry.endpoints().get(1))
                .returns("::1", endpoint -> endpoint.address())
                .returns("eu/a", endpoint -> endpoint.locality())
                .returns(3, endpoint -> endpoint.weight());
    }

    @Test
    void anEndpointWithANameIsResolved() {
        assertThat(good("mesh: {services: {a: {endpoints: [{address: 'localhost:81'}, {address: '127.0.0.1:82'}]}}}")
                        .serviceEntries()
                        .get(0)
                        .resolution())
                .isEqualTo(ServiceEntry.Resolution.DNS);
    }

    @ParameterizedTest
    @CsvSource({
        "reviews, reviews.shop.svc.cluster.local",
        "'\"[api.example.com]\"', api.example.com",
        "'\"[reviews.prod.svc.cluster.local]\"', reviews.prod.svc.cluster.local"
    })
    void theKeyIsTheHost(String key, String host) {
        assertThat(good("mesh: {services: {" + key + ": {endpoints: [{address: '127.0.0.1:82'}]}}}")
                        .serviceEntries()
                        .get(0)
                        .hosts())
                .containsExactly(host);
    }

    @Test
    void aHostMayStandBesideAFreeKey() {
        assertThat(good("mesh: {services: {shop-api: {host: api.example.com, timeout: 1s}}}")
                        .virtualServices()
                        .get(0))
                .returns(List.of("api.example.com"), VirtualService::hosts)
                .returns("shop/shop-api", rule -> rule.meta().qualifiedName());
    }

    @Test
    void subsetsAndBalancerBecomeADestinationRule() {
        DestinationRule rule = good("""
                        mesh:
                          services:
                            reviews:
                              load-balancer: round-robin
                              subsets:
                                v1: {version: v1}
                                canary: {version: v2, "[app.kubernetes.io/name]": reviews}
                        """).destinationRules().get(0);

        assertThat(rule.host()).isEqualTo("reviews.shop.svc.cluster.local");
        assertThat(rule.trafficPolicy().loadBalancer().simple()).isEqualTo(LoadBalancerSettings.Simple.ROUND_ROBIN);
        assertThat(rule.subsets()).extracting(subset -> subset.name()).containsExactly("v1", "canary");
        assertThat(rule.subsets().get(1).labels())
                .isEqualTo(Map.of("version", "v2", "app.kubernetes.io/name", "reviews"));
        assertThat(rule.subsets().get(1).origin().line()).isEqualTo(7);
    }

    @Test
    void aTimeoutAloneBecomesARouteToTheService() {
        assertThat(good("mesh: {services: {reviews: {timeout: 2s, retries: {attempts: 1}}}}")
                        .virtualServices()
                        .get(0)
                        .http())
                .singleElement()
                .satisfies(route -> {
                    assertThat(route.timeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(route.retries().attempts()).isOne();
                    assertThat(route.match()).isEmpty();
                    assertThat(route.route())
                            .containsExactly(new HttpRouteDestination(
                                    new Destination("reviews.shop.svc.cluster.local", null, 0), 0, Headers.NONE));
                });
    }

    @Test
    void routesKeepTheirOrderAndInheritTimeoutAndRetries() {
        List<HttpRoute> routes = good("""
                        mesh:
                          services:
                            reviews:
                              timeout: 2s
                              subsets: {v1: {version: v1}, v2: {version: v2}}
                              routes:
                              - name: jason
                                match: [{headers: [{name: End-User, exact: jason}], path: {prefix: /}}]
                                to: [{subset: v2}]
                                timeout: 1s
                              - to: [{subset: v1, weight: 80}, {subset: v2, weight: 20}]
                        """).virtualServices().get(0).http();

        assertThat(routes).hasSize(2);
        assertThat(routes.get(0).name()).isEqualTo("jason");
        assertThat(routes.get(0).timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(routes.get(0).origin()).hasToString("application.yaml:7:15");
        assertThat(routes.get(0).match().get(0).headers())
                .isEqualTo(Map.of("end-user", new StringMatch.Exact("jason")));
        assertThat(routes.get(1).timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(routes.get(1).route())
                .extracting(to -> to.destination().subset(), HttpRouteDestination::weight)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("v1", 80), org.assertj.core.groups.Tuple.tuple("v2", 20));
    }

    @Test
    void destinationsWithoutWeightsShareAlike() {
        assertThat(route("{to: [{subset: v1}, {subset: v2}]}").route())
                .extracting(HttpRouteDestination::weight)
                .containsExactly(1, 1);
    }

    @Test
    void everyConditionIsTakenOver() {
        HttpMatchRequest match =
                good("""
                        mesh:
                          services:
                            reviews:
                              routes:
                              - match:
                                - path: {regex: "/a.*", ignore-case: true}
                                  method: GET
                                  authority: {prefix: rev}
                                  scheme: http
                                  port: 9080
                                  headers:
                                  - {name: a, regex: x+}
                                  - {name: b, present: true}
                                  - {name: c, present: false}
                                  - {name: d, prefix: p, not: true}
                                  - {name: e, present: false, not: true}
                                  query: [{name: q, exact: "1"}, {name: r, present: true}]
                                  source-labels: {app: shop}
                                  source-namespace: shop
                              - name: rest
                        """).virtualServices().get(0).http().get(0).match().get(0);

        assertThat(match.uri()).isEqualTo(new StringMatch.Regex("/a.*"));
        assertThat(match.ignoreUriCase()).isTrue();
        assertThat(match.method()).isEqualTo(new StringMatch.Exact("GET"));
        assertThat(match.authority()).isEqualTo(new StringMatch.Prefix("rev"));
        assertThat(match.scheme()).isEqualTo(new StringMatch.Exact("http"));
        assertThat(match.port()).isEqualTo(9080);
        assertThat(match.headers())
                .isEqualTo(Map.of(
                        "a", new StringMatch.Regex("x+"),
                        "b", new StringMatch.Present(),
                        "e", new StringMatch.Present()));
        assertThat(match.withoutHeaders())
                .isEqualTo(Map.of("c", new StringMatch.Present(), "d", new StringMatch.Prefix("p")));
        assertThat(match.queryParams())
                .isEqualTo(Map.of("q", new StringMatch.Exact("1"), "r", new StringMatch.Present()));
        assertThat(match.sourceLabels()).isEqualTo(Map.of("app", "shop"));
        assertThat(match.sourceNamespace()).isEqualTo("shop");
    }

    @Test
    void actionsAreTakenOver() {
        HttpRoute forward = route("""
                {rewrite: {path: /x, authority: b}, \
                fault: {delay: {duration: 1s, percent: 0.1}, abort: {status: 503}}, \
                headers: {request: {set: {x-a: b}, add: {x-c: d}, remove: [x-e]}, response: {remove: [server]}}, \
                to: [{host: other, port: 81, headers: {response: {set: {x: "y"}}}}]}""");

        assertThat(forward.rewrite()).isEqualTo(new HttpRewrite("/x", "b", null));
        assertThat(forward.fault().delay()).isEqualTo(new HttpFaultInjection.Delay(Duration.ofSeconds(1), 1000));
        assertThat(forward.fault().abort()).isEqualTo(new HttpFaultInjection.Abort(503, null, 1_000_000));
        assertThat(forward.headers().request().set()).containsExactly(Map.entry("x-a", "b"));
        assertThat(forward.headers().request().add()).containsExactly(Map.entry("x-c", "d"));
        assertThat(forward.headers().request().remove()).containsExactly("x-e");
        assertThat(forward.headers().response().remove()).containsExactly("server");
        assertThat(forward.route().get(0).destination()).isEqualTo(new Destination("other", null, 81));
        assertThat(forward.route().get(0).headers().response().set()).containsExactly(Map.entry("x", "y"));

        assertThat(route("{rewrite: {path-regex: {match: 'a(.)', rewrite: 'b\\1'}}}")
                        .rewrite())
                .isEqualTo(new HttpRewrite(null, null, new HttpRewrite.RegexRewrite("a(.)", "b\\1")));
        HttpRoute redirect = route("{redirect: {path: /new, authority: b, port: 81, scheme: https, status: 302}}");
        assertThat(redirect.redirect()).isEqualTo(new HttpRedirect("/new", null, "b", 81, null, "https", 302));
        assertThat(redirect.route()).isEmpty();
        assertThat(route("{direct-response: {status: 200, body: hello}}").directResponse())
                .isEqualTo(new HttpDirectResponse(200, "hello".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aListOfRoutesThatLeavesCallsOutIsWarnedOf() {
        compile("mesh: {services: {a: {routes: [{match: [{method: GET}]}]}}}");

        assertThat(problems.warnings())
                .singleElement()
                .returns(false, ConfigProblem::isError)
                .satisfies(problem -> assertThat(problem.message()).contains("fail with 404"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "endpoints: [{labels: {a: b}}] | endpoints[0].address | missing",
                "endpoints: [{address: localhost}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: 'a:0'}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: '::1:80'}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: ':80'}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: '[::g]:80'}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: '[::1]]:80'}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: '1.2.3:80'}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: '010.0.0.1:80'}] | endpoints[0].address | not an address with a port",
                "endpoints: [{address: 'a:80', weight: 0}] | endpoints[0].weight | 1 or more",
                "{port: 0, endpoints: [{address: 'a:80'}]} | port | 0 is not a port",
                "subsets: {V1: {a: b}} | subsets.V1 | no good as the name",
                "routes: [{to: [{subset: v1}]}] | routes[0].to[0].subset | no subset 'v1'",
                "routes: [{to: [{weight: 1}, {host: b}]}] | routes[0].to | some have none",
                "routes: [{to: [{weight: 0}, {host: b, weight: 0}]}] | routes[0].to | add up to 0",
                "routes: [{to: [{weight: -1}]}] | routes[0].to[0].weight | 0 or more",
                "routes: [{to: [{port: 70000}]}] | routes[0].to[0].port | not a port",
                "routes: [{to: [{host: b}], redirect: {path: /}}] | routes[0] | one of",
                "routes: [{rewrite: {path: /}, direct-response: {status: 200}}] | routes[0].rewrite | nothing is forwarded",
                "routes: [{fault: {abort: {status: 500}}, direct-response: {status: 200}}] | routes[0].fault | needs a route",
                "routes: [{fault: {abort: {percent: 1}}}] | routes[0].fault.abort.status | missing",
                "routes: [{fault: {abort: {status: 99}}}] | routes[0].fault.abort.status | 99 is not",
                "routes: [{fault: {abort: {status: 500, percent: 101}}}] | routes[0].fault.abort.percent | not a percentage",
                "routes: [{fault: {delay: {percent: 1}}}] | routes[0].fault.delay.duration | missing",
                "routes: [{direct-response: {body: a}}] | routes[0].direct-response.status | missing",
                "routes: [{redirect: {status: 200}}] | routes[0].redirect.status | no redirect",
                "routes: [{rewrite: {path: /, path-regex: {match: a, rewrite: b}}}] | routes[0].rewrite | exclude",
                "routes: [{rewrite: {path-regex: {match: '(?=a)', rewrite: b}}}] | routes[0].rewrite.path-regex.match | RE2",
                "routes: [{retries: {attempts: -1}}] | routes[0].retries.attempts | 0 or more",
                "routes: [{timeout: -1s}] | routes[0].timeout | not negative",
                "routes: [{timeout: 1us}] | routes[0].timeout | whole number of milliseconds",
                "routes: [{name: first}, {match: [{path: {exact: a, prefix: b}}]}] | routes[1].match[0].path | several conditions",
                "routes: [{name: first}, {match: [{path: {ignore-case: true}}]}] | routes[1].match[0].path | no condition",
                "routes: [{name: first}, {match: [{headers: [{exact: a}]}]}] | routes[1].match[0].headers[0].name | missing",
                "routes: [{name: first}, {match: [{headers: [{name: 'a b', exact: a}]}]}] | routes[1].match[0].headers[0].name | not a header name",
                "routes: [{name: first}, {match: [{headers: [{name: a, exact: a}, {name: A, exact: b}]}]}] | routes[1].match[0].headers[1].name | already",
                "routes: [{name: first}, {match: [{query: [{name: a, present: false}]}]}] | routes[1].match[0].query[0].present | absence",
                "routes: [{name: first}, {match: [{query: [{name: a, regex: '['}]}]}] | routes[1].match[0].query[0].regex | RE2",
                "routes: [{name: first}, {match: [{port: 0}]}] | routes[1].match[0].port | not a port"
            })
    void whatMakesNoSenseIsRefusedWithItsPlace(String yaml, String path, String message) {
        ConfigProblem problem = bad(yaml);

        assertThat(problem.path()).isEqualTo("mesh.services.reviews." + path);
        assertThat(problem.message()).contains(message);
        assertThat(problem.origin().source()).isEqualTo("application.yaml");
        assertThat(problem.origin().line()).isEqualTo(4);
    }

    @Test
    void aRegexOfMoreThan1024CharactersIsRefused() {
        assertThat(bad("routes: [{name: first}, {match: [{path: {regex: " + "a".repeat(1025) + "}}]}]")
                        .message())
                .contains("at most 1024");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)", "(a)\\1", "a++"})
    void whatOnlyJavaKnowsIsNoRegex(String regex) {
        assertThat(bad("routes: [{name: first}, {match: [{path: {regex: '" + regex + "'}}]}]")
                        .message())
                .contains("RE2");
    }
}
