package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of Istio's validation that the recorded cases do not touch. */
class RulesTest extends RulesFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "host: a",
                "host: '*'",
                "host: a, subsets: [{name: v1}, {name: V-2, labels: {}}]",
                "host: a, subsets: [{name: v1, trafficPolicy: {loadBalancer: {}}}]",
                "host: a, trafficPolicy: {loadBalancer: {simple: 5}}",
                "host: a, trafficPolicy: {connectionPool: {tcp: {}, http: {h2UpgradePolicy: DEFAULT}}}",
                "host: a, trafficPolicy: {connectionPool: {tcp: {idleTimeout: 0s}}}",
                "host: a, trafficPolicy: {tls: {mode: DISABLE}}",
                "host: a, trafficPolicy: {portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}",
                "host: a, trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: false}}}",
                "host: a, workloadSelector: {matchLabels: {app: x}}, exportTo: [.]",
                "host: a, workloadSelector: {}"
            })
    void acceptsDestinationRules(String fields) {
        assertThat(object("DestinationRule", fields).problems()).noneMatch(ConfigProblem::isError);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subsets: []",
                "host: ''",
                "host: a, subsets: [{name: v1}, {name: v1}]",
                "host: a, subsets: [{name: ''}]",
                "host: a, subsets: [{name: v1, labels: {'a b': c}}]",
                "host: a, subsets: [{name: v1, trafficPolicy: {}}]",
                "host: a, trafficPolicy: {}",
                "host: a, trafficPolicy: {loadBalancer: null}",
                "host: a, trafficPolicy: {loadBalancer: {simple: FOO}}",
                "host: a, trafficPolicy: {loadBalancer: {simple: 6}}",
                "host: a, trafficPolicy: {connectionPool: {}}",
                "host: a, trafficPolicy: {portLevelSettings: []}",
                "host: a, trafficPolicy: {portLevelSettings: [{port: {number: 80}}]}",
                "host: a, workloadSelector: {matchLabels: {app: '*'}}",
                "host: a, workloadSelector: {matchLabels: {app: x}}, exportTo: ['*']",
                "host: a, workloadSelector: {labels: {app: x}}",
                "host: a, exportTo: ['~']"
            })
    void refusesDestinationRules(String fields) {
        assertThat(object("DestinationRule", fields).hasErrors()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hosts: [a.com]",
                "hosts: [a.com], resolution: STATIC, endpoints: []",
                "hosts: [a.com], resolution: STATIC, workloadSelector: {labels: {app: x}}",
                "hosts: [a.com], resolution: STATIC, workloadSelector: {labels: {}}, endpoints: []",
                "hosts: ['*.a.com'], resolution: NONE, addresses: [10.0.0.0/8, '2001:db8::/32']",
                "hosts: [a.com], resolution: DNS",
                "hosts: ['*.a.com'], resolution: DNS, endpoints: [{address: b.com}]",
                "hosts: [a.com], exportTo: ['~']",
                "hosts: [a.com], ports: [{number: 80, name: http}]",
                "hosts: [a.com], ports: [{number: 80, name: http, protocol: grpc-web, targetPort: 0}]",
                "hosts: [a.com, b.com], resolution: DNS, ports: [{number: 80, name: a, protocol: HTTPS}]",
                "hosts: [a.com, b.com], resolution: NONE, ports: [{number: 80, name: a, protocol: TCP}]",
                "hosts: [a.com], resolution: STATIC, endpoints: [{address: '::ffff:10.0.0.1'}]",
                "hosts: [a.com], resolution: 1, endpoints: [{address: 10.0.0.1, weight: '5'}]"
            })
    void acceptsServiceEntries(String fields) {
        assertThat(object("ServiceEntry", fields).problems()).noneMatch(ConfigProblem::isError);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resolution: DNS",
                "hosts: ['*']",
                "hosts: [a.com], addresses: [10.0.0.0/33]",
                "hosts: [a.com], addresses: [10.0.0.01]",
                "hosts: [a.com], addresses: [10.0.0.0/8], resolution: DNS",
                "hosts: ['*.a.com'], resolution: DNS",
                "hosts: [a.com], resolution: NONE, endpoints: [{address: 10.0.0.1}]",
                "hosts: [a.com], resolution: STATIC, endpoints: [{address: b.com}]",
                "hosts: [a.com], resolution: STATIC, endpoints: [null]",
                "hosts: [a.com], resolution: STATIC, endpoints: [{address: 'unix://x'}]",
                "hosts: [a.com], resolution: DNS, endpoints: [{address: 'b c'}]",
                "hosts: [a.com], resolution: DNS_ROUND_ROBIN, endpoints: [{address: b.com}, {address: c.com}]",
                "hosts: [a.com], resolution: STATIC, endpoints: [{address: 10.0.0.1}], workloadSelector: {labels: {a: b}}",
                "hosts: [a.com], workloadSelector: {matchLabels: {a: b}}",
                "hosts: [a.com], workloadSelector: {labels: {a: 'b*'}}",
                "hosts: [a.com], exportTo: ['~', b]",
                "hosts: [a.com], ports: [{number: 80}]",
                "hosts: [a.com], ports: [{number: 80, name: a b}]",
                "hosts: [a.com], ports: [{number: 80, name: a}, {number: 81, name: a}]",
                "hosts: [a.com], ports: [{number: 80, name: a, targetPort: 65536}]",
                "hosts: [a.com, b.com], resolution: DNS, ports: [{number: 80, name: a, protocol: TCP}]",
                "hosts: [a.com], subjectAltNames: [5]"
            })
    void refusesServiceEntries(String fields) {
        assertThat(object("ServiceEntry", fields).hasErrors()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address: 10.0.0.1",
                "address: '2001:db8::1', ports: {http: 8080}, labels: {app: reviews}",
                "address: vm.example.com, weight: 3, locality: r/z, serviceAccount: a"
            })
    void acceptsWorkloadEntries(String fields) {
        assertThat(object("WorkloadEntry", fields).problems()).isEmpty();
        assertThat(object("WorkloadEntry", fields).config().workloadEntries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address: ''",
                "labels: {app: reviews}",
                "address: a b",
                "address: '*.example.com'",
                "address: 'unix://x'",
                "address: 'unix:///s/'",
                "address: 'unix:///s', ports: {http: 80}",
                "address: 10.0.0.1, ports: {http: 0}",
                "address: 10.0.0.1, ports: {http: 65536}",
                "address: 10.0.0.1, ports: {'a b': 80}",
                "address: 10.0.0.1, labels: {app: 'a b'}",
                "address: 10.0.0.1, weight: -1",
                "address: 10.0.0.1, port: 80",
                "network: n",
                "address: 'unix:///s'"
            })
    void refusesWorkloadEntries(String fields) {
        ConfigReader.Result result = object("WorkloadEntry", fields);
        assertThat(result.hasErrors()).isTrue();
        assertThat(result.objects()).isEmpty();
    }
}
