package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.VirtualService;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelegationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uri: {prefix: /a}            | uri: {prefix: /a/b}           | true",
                "uri: {prefix: /a/b}          | uri: {prefix: /a}             | false",
                "uri: {prefix: /a}            | uri: {exact: /a/x}            | true",
                "uri: {prefix: /a}            | uri: {exact: /b}              | false",
                "uri: {exact: /a}             | uri: {prefix: /a}             | false",
                "uri: {exact: /a}             | uri: {exact: /a}              | true",
                "uri: {regex: /a}             | uri: {exact: /a}              | false",
                "uri: {prefix: /a}            | uri: {regex: /a/.*}           | false",
                "uri: {prefix: /a}            | headers: {x: {exact: why}}      | true",
                "headers: {x: {exact: why}}     | headers: {x: {exact: z}}      | false",
                "headers: {x: {exact: why}}     | headers: {w: {exact: z}}      | true",
                "port: 80                     | port: 81                      | false",
                "port: 80                     | uri: {prefix: /}              | true",
                "ignoreUriCase: true          | uri: {prefix: /}              | false",
                "sourceNamespace: a           | sourceNamespace: b            | false",
                "sourceNamespace: a           | sourceNamespace: a            | true",
                "sourceNamespace: a           | uri: {prefix: /}              | false",
                "uri: {prefix: /}             | sourceNamespace: a            | true",
                "headers: {x: {}}             | headers: {x: {exact: a}}      | false",
                "headers: {x: {prefix: a}}    | headers: {x: {}}              | false",
                "headers: {x: {exact: a}}     | headers: {x: {}}              | false",
                "headers: {x: {}}             | headers: {x: {}}              | false",
                "headers: {x: {regex: a}}     | headers: {x: {regex: a}}      | false",
                "uri: {prefix: ''}            | uri: {prefix: /a}             | false",
                "queryParams: {q: {exact: ''}} | queryParams: {q: {exact: ''}} | false",
                "sourceLabels: {a: b}         | sourceLabels: {a: c}          | false",
                "method: {exact: GET}         | method: {exact: POST}         | false",
            })
    void aDelegatesMatchMustLieInsideTheRoots(String root, String delegate, boolean merged) {
        assertThat(Delegation.merge(route(root), route(delegate)) != null).isEqualTo(merged);
    }

    private static HttpRoute route(String match) {
        String yaml = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v}
                spec:
                  hosts: [h]
                  http:
                  - match: [{%s}]
                    route: [{destination: {host: h}}]
                """.formatted(match);
        ConfigReader.Result result = ConfigReader.strict().read("test.yaml", yaml);
        assertThat(result.objects()).as("%s", result.problems()).hasSize(1);
        return ((VirtualService) result.objects().get(0)).http().get(0);
    }
}
