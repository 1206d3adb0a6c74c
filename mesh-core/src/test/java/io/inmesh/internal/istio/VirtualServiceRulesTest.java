package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of Istio's validation for VirtualServices that the recorded cases do not touch. */
class VirtualServiceRulesTest extends RulesFixture {
    private static final String DESTINATION = "route: [{destination: {host: reviews}}]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hosts: [a]",
                "hosts: [A.b]",
                "hosts: [a.]",
                "hosts: ['*.a.com', b.com]",
                "hosts: ['*-a.com']",
                "hosts: ['10.0.0.1']",
                "hosts: ['2001:db8::1']",
                "hosts: ['*'], gateways: [g]",
                "hosts: [], gateways: []",
                "hosts: [a], exportTo: []",
                "hosts: [a], exportTo: ['*']",
                "hosts: [a], exportTo: [., other]",
                "hosts: [a], gateways: [mesh, n/g]",
                "hosts: [a], gateways: [g.n.svc.cluster.local]"
            })
    void acceptsVirtualServices(String fields) {
        assertThat(virtualService(fields + ", http: [{" + DESTINATION + "}]").hasErrors())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hosts: ['*']",
                "hosts: ['']",
                "hosts: [a b]",
                "hosts: [a..b]",
                "hosts: [a.1]",
                "hosts: [-a]",
                "hosts: [a_b]",
                "hosts: ['a.*.b']",
                "hosts: ['*.a.com', b.a.com]",
                "hosts: ['*.com', '*.a.com']",
                "hosts: a",
                "hosts: [], gateways: [mesh]",
                "hosts: [a], exportTo: [b, b]",
                "hosts: [a], exportTo: [., default]",
                "hosts: [a], exportTo: ['*', b]",
                "hosts: [a], exportTo: [B_d]",
                "hosts: [a], exportTo: ['']",
                "hosts: [a], gateways: ['']",
                "hosts: [a], gateways: [a b]",
                "hosts: [a], gateways: [n/]",
                "hosts: [a], gateways: [n/a.b]"
            })
    void refusesVirtualServices(String fields) {
        assertThat(virtualService(fields + ", http: [{" + DESTINATION + "}]").hasErrors())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "match: [{}]",
                "match: [{uri: {}}]",
                "match: [{uri: {prefix: ''}}]",
                "match: [{uri: {regex: '(?i)/A.*'}}]",
                "match: [{headers: {x: {}}}]",
                "match: [{headers: {X-Y_z: {exact: ''}}}]",
                "match: [{headers: {x.y: {exact: a}}}]",
                "match: [{withoutHeaders: {\"a!#$%&'*+-.^_`|~9\": {exact: a}}}]",
                "headers: {request: {set: {'a b': c}, remove: ['d e']}, response: {add: {'f(g)': h}}}",
                "match: [{headers: {':method': {exact: GET}, ':path': {prefix: /a}, ':authority': {}}}]",
                "match: [{withoutHeaders: {':scheme': {exact: http}, ':status': {}}}]",
                "match: [{withoutHeaders: {x: {regex: '*'}}}]",
                "match: [{queryParams: {'a b': {exact: x}}}]",
                "match: [{port: '80'}]",
                "match: [{sourceNamespace: a, sourceLabels: {app: '', example.com/a: b}}]",
                "match: [{gateways: [mesh]}]",
                "timeout: 1ms",
                "timeout: 1h1m1.5s",
                "timeout: +5s",
                "timeout: .5s",
                "timeout: null",
                "retries: {attempts: 3, retryOn: '5xx,gateway-error,503', perTryTimeout: 2s, backoff: 25ms}",
                "retries: {attempts: '3'}",
                "retries: {}",
                "retries: {attempts: 0, retryIgnorePreviousHosts: false}",
                "fault: {delay: {fixedDelay: 1s, percentage: {value: 0}}}",
                "fault: {delay: {fixedDelay: 1s, percentage: {value: '0.0001'}}}",
                "fault: {delay: {fixedDelay: 1s, percent: 200}}",
                "fault: {delay: {}}",
                "fault: {abort: {httpStatus: 599, percentage: {}}}",
                "fault: {abort: {httpStatus: '503', percentage: {value: 100}}}",
                "rewrite: {authority: a b}",
                "rewrite: {uri: x, authority: z}",
                "headers: {request: {set: {':authority': a}, add: {x: '100%%'}, remove: [x]}}",
                "headers: {request: {set: {x: '%REQ(a)%'}}}",
                "headers: {response: {add: {x: '%HOSTNAME% a'}}}",
                "headers: {request: {set: {x: 't=%START_TIME(%s.%3f)%'}}}",
                "name: '…'",
                "mirrorPercentage: {value: 10}"
            })
    void acceptsRoutes(String fields) {
        assertThat(route(fields + ", " + DESTINATION).problems()).noneMatch(ConfigProblem::isError);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "match: [{uri: /a}]",
                "match: [{uri: {regex: ''}}]",
                "match: [{uri: {regex: 'a(?=b)'}}]",
                "match: [{uri: {regex: '(a)\\1'}}]",
                "match: [{method: {prefix: ''}}]",
                "match: [{scheme: {regex: '['}}]",
                "match: [{headers: {'a b': {exact: GET}}}]",
                "match: [{headers: {'a(b)': {exact: GET}}}]",
                "match: [{withoutHeaders: {'a/b': {exact: GET}}}]",
                "match: [{headers: {'ä': {exact: GET}}}]",
                "match: [{headers: {':METHOD': {exact: GET}}}]",
                "match: [{headers: {':protocol': {exact: h2c}}}]",
                "match: [{headers: {'': {exact: GET}}}]",
                "match: [{headers: {x: {prefix: ''}}}]",
                "match: [{headers: {x: {regex: '*'}}}]",
                "match: [{headers: {'@request.auth.claims.a': {exact: b}}}]",
                "match: [{withoutHeaders: {'@request.auth.claims[a]': {exact: b}}}]",
                "match: [{withoutHeaders: {x: {regex: '('}}}]",
                "match: [{queryParams: {q: {prefix: ''}}}]",
                "match: [{port: 65536}]",
                "match: [{port: '80a'}]",
                "match: [{port: 80.5}]",
                "match: [{sourceNamespace: A_b}]",
                "match: [{sourceLabels: {a: 'b c'}}]",
                "match: [{sourceLabels: {a/b/c: d}}]",
                "match: [{gateways: [a/b/c]}]",
                "match: {uri: {prefix: /a}}",
                "timeout: 0s",
                "timeout: 5",
                "timeout: '5'",
                "timeout: ''",
                "timeout: 100us",
                "timeout: 1000100us",
                "timeout: 1e3s",
                "timeout: 5 s",
                "retries: {attempts: 0, retryOn: 5xx}",
                "retries: {perTryTimeout: 1s}",
                "retries: {attempts: 1, retryOn: '5xx,'}",
                "retries: {attempts: 1, retryOn: '5XX'}",
                "retries: {attempts: 1, retryOn: '599'}",
                "retries: {attempts: 1, backoff: 0s}",
                "retries: {attempts: 1.5}",
                "fault: {delay: {fixedDelay: 0s}}",
                "fault: {delay: {fixedDelay: 1s, percentage: {value: 0.00001}}}",
                "fault: {delay: {fixedDelay: 1s, percentage: {value: -1}}}",
                "fault: {delay: {fixedDelay: 1s, percentage: 10}}",
                "fault: {delay: {exponentialDelay: 1s}}",
                "fault: {abort: {httpStatus: 199}}",
                "fault: {abort: {httpStatus: 601}}",
                "fault: {abort: {http2Error: x}}",
                "rewrite: {}",
                "rewrite: {uri: /a, uriRegexRewrite: {match: a, rewrite: b}}",
                "rewrite: {uriRegexRewrite: {match: a}}",
                "rewrite: {authority: a}, headers: {request: {set: {Host: b}}}",
                "headers: {request: {set: {host: a}, add: {':authority': b}}}",
                "headers: {request: {remove: [Host]}}",
                "headers: {response: {set: {':status': '200'}}}",
                "headers: {request: {set: {'': a}}}",
                "headers: {request: {set: {a: '50%'}}}",
                "headers: {request: {set: {a: '%A%%'}}}",
                "headers: {request: {set: {a: '%A()%'}}}",
                "headers: {request: {set: {a: '%ENV([\"a\", \"b\"])%'}}}",
                "headers: {request: {set: {a: '%REQ(a):5%'}}}",
                "headers: {request: {set: {a: '%PROTOCOL(a)%'}}}",
                "headers: {request: {set: {a: '%req(a)%'}}}",
                "headers: {request: {set: {a: '%REQ%'}}}",
                "headers: {request: {set: {a: \"b\\nc\"}}}",
                "headers: {request: {set: {a: true}}}",
                "headers: {request: {remove: a}}",
                "delegate: {name: a}",
                "redirect: {uri: /a}",
                "directResponse: {status: 200}"
            })
    void refusesRoutes(String fields) {
        assertThat(route(fields + ", " + DESTINATION).hasErrors()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"50%, 3", "'%PROTOCOL% %REQ%', 12", "%%%A%, 3"})
    void saysWhereAHeadersValueIsWrong(String value, int character) {
        assertThat(route("headers: {request: {set: {a: '" + value + "'}}}, " + DESTINATION)
                        .problems())
                .filteredOn(ConfigProblem::isError)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).endsWith("(at character " + character + ")"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redirect: {port: 0}",
                "redirect: {port: 8080}",
                "redirect: {derivePort: FROM_REQUEST_PORT}",
                "redirect: {scheme: https, redirectCode: 304}",
                "redirect: {prefixRewrite: /b}, match: [{uri: {prefix: /a}}]",
                "directResponse: {status: 599, body: {}}",
                "directResponse: {status: 200, body: {bytes: aGk=}}",
                "delegate: {name: a, namespace: b}, match: [{uri: {prefix: /a}}]",
                "delegate: {}, fault: {abort: {httpStatus: 500}}",
                "route: [{destination: {host: a, port: {number: '80'}, subset: V1}, weight: 0}]",
                "route: [{destination: {host: '*.a.com'}}]",
                "route: [{destination: {host: a}, weight: 1}, {destination: {host: b}}]"
            })
    void acceptsActions(String fields) {
        assertThat(route(fields).problems()).noneMatch(ConfigProblem::isError);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: nothing",
                "redirect: {}",
                "redirect: {redirectCode: 302}",
                "redirect: {uri: /a, redirectCode: 400}",
                "redirect: {uri: /a, port: 65536}",
                "redirect: {uri: /a, derivePort: NOPE}",
                "redirect: {uri: /a, prefixRewrite: /b}",
                "redirect: {prefixRewrite: /b}, match: [{uri: {exact: /a}}]",
                "redirect: {uri: /a}, directResponse: {status: 200}",
                "directResponse: {}",
                "directResponse: {status: 199}",
                "directResponse: {status: 200, body: {bytes: aGk}}",
                "directResponse: {status: 200}, fault: {abort: {httpStatus: 500}}",
                "directResponse: {status: 200, body: hello}",
                "delegate: {name: a}, redirect: {uri: /a}",
                "route: []",
                "route: [{destination: {host: ''}}]",
                "route: [{destination: {host: a, port: {}}}]",
                "route: [{destination: {host: a, port: {name: http}}}]",
                "route: [{destination: {host: a, subset: v_1}}]",
                "route: [{destination: {host: a}, weight: -1}]",
                "route: [{destination: {host: a}, weight: 1.5}]",
                "route: {destination: {host: a}}"
            })
    void refusesActions(String fields) {
        assertThat(route(fields).hasErrors()).isTrue();
    }

    private static Result route(String fields) {
        return virtualService("hosts: [a], http: [{" + fields + "}]");
    }

    private static Result virtualService(String fields) {
        return object("VirtualService", fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "b~istio-autogenerated-k8s-gateway~c",
                "a/b~istio-autogenerated-k8s-gateway~c",
                "b~istio-autogenerated-k8s-gateway~c/d",
                "~istio-autogenerated-k8s-gateway~",
                "a/c/b~istio-autogenerated-k8s-gateway~c~istio-autogenerated-k8s-gateway~"
            })
    void whatIstioMakesOfAGatewayIsRefusedWhereverItsSlashesStand(String name) {
        assertThat(object(
                                "VirtualService",
                                "hosts: [a], gateways: ['" + name + "'], http: [{route: [{destination:"
                                        + " {host: a}}]}]")
                        .problems())
                .filteredOn(ConfigProblem::isError)
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.check()).isEqualTo(ConfigCheck.INTERNAL_GATEWAY);
                    assertThat(problem.message())
                            .contains("Gateway \"" + (name.startsWith("~") ? "" : "b") + "\" for itself");
                });
    }
}
