package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties that would be dropped or mean something else. */
class PropertyCheckTest {
    private static final String EVERYTHING = """
            mesh:
              enabled: true
              namespace: shop
              labels:
                version: v1
                "[app.kubernetes.io/name]": shop
              locality: eu/a/1
              node: n1
              cluster-domain: cluster.local
              outbound-traffic-policy: registry-only
              config:
                locations: ["classpath:mesh/", "optional:file:/etc/mesh/"]
                watch: false
                unsupported: warn
              dns:
                lookup-family: v4-preferred
              resources:
                reviews: |
                  kind: anything
              gateway:
                enabled: false
                ports: {8080: 80, "8443": 443}
                tls:
                  8443: {bundle: web, client-certificates: needed}
                trusted-hops: 1
                path-normalization: base
                strict-paths: false
                remove-path-parameters: true
                server-header: none
                max-body-size: 10MB
                retry-body-size: 64KB
                idle-timeout: 30s
                max-calls: 100
                response-flags: true
              kubernetes:
                enabled: true
                kubeconfig: /config/cluster.yaml
                context: test
                namespaces: [shop, books]
                services: all
                source: endpoints
                nodes: true
                rules: false
                pod-info: /etc/podinfo
                snapshot-file: /var/cache/mesh/table.json
                snapshot-max-age: 12h
                start-wait: 0s
                watch-timeout: 10m
                silence: 90s
                min-backoff: 1s
                max-backoff: 1m
                safety-relist: 0s
              services:
                "[reviews.prod.svc.cluster.local]":
                  host: reviews
                  port: 9080
                  endpoints:
                  - {address: "127.0.0.1:9081", labels: {version: v1}, weight: 3, locality: eu}
                  timeout: 2s
                  retries: {attempts: 2}
                  load-balancer: round-robin
                  subsets:
                    v1: {version: v1}
                  routes:
                  - name: all
                    match:
                    - path: {prefix: /api, ignore-case: true}
                      method: GET
                      authority: {exact: reviews}
                      scheme: http
                      port: 9080
                      headers: [{name: user.agent, regex: ".*", not: true}]
                      query: [{name: q, present: true}]
                      source-labels: {app: shop}
                      source-namespace: shop
                    to:
                    - subset: v1
                      weight: 100
                      headers:
                        request: {set: {x-a: b}, add: {x-c: d}, remove: [x-e, x-f]}
                        response: {set: {x-a: b}}
                    rewrite: {path: /, authority: a.example.com}
                    timeout: 500ms
                    fault:
                      delay: {duration: 1s, percent: 0.1}
                      abort: {status: 503, percent: 10}
                  - redirect: {path: /new, authority: b, port: 80, scheme: http, status: 302}
                  - direct-response: {status: 200, body: hello}
                  - rewrite: {path-regex: {match: a, rewrite: b}}
            """;

    private static List<ConfigProblem> check(YamlEnvironment environment) {
        return PropertyCheck.run(environment.environment(), MeshProperties.class)
                .problems();
    }

    private static ConfigProblem only(String yaml) {
        List<ConfigProblem> problems = check(YamlEnvironment.of(yaml));
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void everyDocumentedPropertyIsKnown() {
        assertThat(check(YamlEnvironment.of(EVERYTHING))).isEmpty();
    }

    @Test
    void namesInOtherRelaxedFormsAreKnown() {
        assertThat(check(YamlEnvironment.empty()
                        .properties(Map.of(
                                "mesh.outboundTrafficPolicy", "allow_any",
                                "mesh.cluster_domain", "cluster.local",
                                "mesh.dns.lookupFamily", "V4_ONLY",
                                "mesh.services.reviews.routes[0].directResponse.status", "200"))))
                .isEmpty();
    }

    @Test
    void propertiesOfOthersAreNoneOfItsBusiness() {
        assertThat(check(YamlEnvironment.of("meshed: {x: y}\nspring: {mesh: {x: y}}\n")))
                .isEmpty();
    }

    @Test
    void aTypoDeepInsideAListIsFoundWithItsPlace() {
        ConfigProblem problem = only("""
                mesh:
                  services:
                    reviews:
                      routes:
                      - to:
                        - {subset: v1, weight: 80}
                        - subset: v2
                          weigth: 20
                """);

        assertThat(problem.path()).isEqualTo("mesh.services.reviews.routes[0].to[1].weigth");
        assertThat(problem.message()).isEqualTo("unknown property");
        assertThat(problem.fix()).isEqualTo("did you mean 'weight'?");
        assertThat(problem.origin()).hasToString("application.yaml:8:19");
    }

    @Test
    void aTypoAtTheTopIsFound() {
        assertThat(only("mesh: {confg: {unsupported: warn}}\n"))
                .returns("mesh.confg", ConfigProblem::path)
                .returns("did you mean 'config'?", ConfigProblem::fix);
    }

    @Test
    void everyProblemIsReportedAndEachOnce() {
        assertThat(check(YamlEnvironment.of("""
                        mesh:
                          watch: true
                          services:
                            reviews:
                              tymeout: 2s
                              rout: [{a: 1, b: 2}]
                        """)))
                .extracting(ConfigProblem::path)
                .containsExactly("mesh.watch", "mesh.services.reviews.tymeout", "mesh.services.reviews.rout");
    }

    @Test
    void aHostWithDotsAsKeyIsRefusedAndTheFormInBracketsWorks() {
        ConfigProblem problem = only("mesh: {services: {reviews.prod.svc: {timeout: 2s}}}\n");

        assertThat(problem.message()).contains("'reviews.prod.svc' has dots");
        assertThat(problem.fix()).contains("\"[reviews.prod.svc]\"");

        YamlEnvironment mended = YamlEnvironment.of("mesh: {services: {\"[reviews.prod.svc]\": {timeout: 2s}}}\n");
        assertThat(check(mended)).isEmpty();
        assertThat(mended.bind().services()).containsOnlyKeys("reviews.prod.svc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"':authority'", "'a/b'", "'-a'"})
    void aKeyThatWouldLoseCharactersIsRefused(String key) {
        ConfigProblem problem = only("mesh: {services: {" + key + ": {timeout: 2s}}}\n");

        assertThat(problem.message()).contains("drop characters");
        assertThat(problem.fix()).contains("\"[" + key.replace("'", "") + "]\"");
    }

    @Test
    void aWildcardAsKeyIsRefusedAndTheFormInBracketsWorks() {
        assertThat(only("mesh: {services: {'*.foo': {timeout: 2s}}}\n").fix()).contains("\"[*.foo]\"");

        YamlEnvironment mended = YamlEnvironment.of("mesh: {services: {\"[*.foo]\": {timeout: 2s}}}\n");
        assertThat(check(mended)).isEmpty();
        assertThat(mended.bind().services()).containsOnlyKeys("*.foo");
    }

    @Test
    void aLabelWithASlashIsRefusedAndTheFormInBracketsWorks() {
        ConfigProblem problem = only("mesh: {labels: {app.kubernetes.io/name: shop}}\n");

        assertThat(problem.message()).contains("drop characters of the name 'io/name'");

        YamlEnvironment mended = YamlEnvironment.of("mesh: {labels: {\"[app.kubernetes.io/name]\": shop}}\n");
        assertThat(check(mended)).isEmpty();
        assertThat(mended.bind().labels()).containsExactly(Map.entry("app.kubernetes.io/name", "shop"));
    }

    @Test
    void aLabelWithDotsIsKeptByBinding() {
        YamlEnvironment environment = YamlEnvironment.of("mesh: {labels: {a.b: c}}\n");

        assertThat(check(environment)).isEmpty();
        assertThat(environment.bind().labels()).containsExactly(Map.entry("a.b", "c"));
    }

    @Test
    void aMapWhereAListIsWantedIsRefused() {
        assertThat(only("""
                        mesh:
                          services:
                            reviews:
                              routes:
                              - match:
                                - headers: {user.agent: {regex: x}}
                        """))
                .returns("mesh.services.reviews.routes[0].match[0].headers", ConfigProblem::path)
                .satisfies(problem -> assertThat(problem.message()).contains("is a list, but 'user'"));
    }

    @ParameterizedTest
    @CsvSource({"on, Boolean true", "yes, Boolean true", "010, number 8", "1.10, number 1.1", "1e3, number 1000"})
    void aWordThatYamlTakesForSomethingElseIsRefused(String written, String read) {
        ConfigProblem problem =
                only("mesh: {services: {a: {routes: [{match: [{headers: [{name: x, exact: " + written + "}]}]}]}}}\n");

        assertThat(problem.path()).isEqualTo("mesh.services.a.routes[0].match[0].headers[0].exact");
        assertThat(problem.message()).contains("YAML reads this as the " + read);
        assertThat(problem.fix()).isEqualTo("put the value in quotes");
    }

    @Test
    void aVersionLabelWithoutQuotesIsRefused() {
        assertThat(only("mesh: {services: {a: {subsets: {v1: {version: 1.10}}}}}\n"))
                .returns("mesh.services.a.subsets.v1.version", ConfigProblem::path);
    }

    @Test
    void aNameThatYamlTakesForABooleanIsRefused() {
        assertThat(only("mesh: {services: {a: {subsets: {on: {version: v1}}}}}\n")
                        .message())
                .contains("YAML reads the name here as the Boolean true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "'2'"})
    void aDurationWithoutUnitIsRefused(String written) {
        assertThat(only("mesh: {services: {a: {timeout: " + written + "}}}\n"))
                .returns("'2' has no unit", ConfigProblem::message)
                .returns("write 2s or 2ms", ConfigProblem::fix);
    }

    @ParameterizedTest
    @CsvSource({
        "timeout: soon, is not a duration such as 500ms",
        "port: many, is not a whole number",
        "load-balancer: fair, is not one of round-robin",
        "retries: {attempts: x}, is not a whole number"
    })
    void aValueOfAnotherTypeIsRefused(String written, String message) {
        assertThat(only("mesh: {services: {a: {" + written + "}}}\n").message()).contains(message);
    }

    @Test
    void aValueWhereFieldsAreWantedIsRefused() {
        assertThat(only("mesh: {services: {a: {routes: [{match: [{path: /x}]}]}}}\n")
                        .message())
                .contains("has parts of its own: exact, prefix, regex");
        assertThat(only("mesh: {services: {a: {routes: /x}}}\n").message()).contains("is a list");
        assertThat(only("mesh: {services: {a: {subsets: v1}}}\n").message()).contains("is a map");
        assertThat(only("mesh: {services: {a: {timeout: {of: 2s}}}}\n").message())
                .contains("single value");
        assertThat(only("mesh: {labels: {a: [b]}}\n").message()).contains("not a list");
    }

    @Test
    void emptyListsAndMapsAreGood() {
        YamlEnvironment environment = YamlEnvironment.of(
                "mesh: {labels: {}, resources: {}, services: {a: {subsets: {}, endpoints: [], routes: [{match: []}]}}}\n");

        assertThat(check(environment)).isEmpty();
        assertThat(environment.bind().services()).containsOnlyKeys("a");
    }

    @Test
    void aGapInAListIsRefused() {
        assertThat(check(YamlEnvironment.empty().properties(Map.of("mesh.services.a.routes[1].name", "b"))))
                .singleElement()
                .returns("mesh.services.a.routes[0]", ConfigProblem::path)
                .satisfies(problem -> assertThat(problem.message()).contains("drops empty elements"));
    }

    /** Spring Boot 4.1 keeps what 4.0 drops. */
    @Test
    void anEmptyElementIsKeptOrRefused() {
        YamlEnvironment environment = YamlEnvironment.of("mesh: {services: {a: {routes: [{}, {name: b}]}}}\n");

        if (check(environment).isEmpty()) {
            assertThat(environment.bind().services().get("a").routes()).hasSize(2);
        } else {
            assertThat(check(environment)).extracting(ConfigProblem::path).containsExactly("mesh.services.a.routes[0]");
        }
    }

    @Test
    void aListOfWordsMayBeWrittenWithCommas() {
        YamlEnvironment environment = YamlEnvironment.of("mesh: {config: {locations: 'file:/a/,file:/b/'}}\n");

        assertThat(check(environment)).isEmpty();
        assertThat(environment.bind().config().locations()).containsExactly("file:/a/", "file:/b/");
    }

    @Test
    void placeholdersAreResolvedBeforeTheLook() {
        assertThat(check(YamlEnvironment.of(
                        "t: 2s\nmesh: {services: {a: {timeout: '${t}'}, b: {timeout: '${u:2}'}}}\n")))
                .extracting(ConfigProblem::path)
                .containsExactly("mesh.services.b.timeout");
    }

    @Test
    void twoWritingsOfOneServiceAreRefused() {
        assertThat(check(YamlEnvironment.of("mesh: {services: {my-svc: {timeout: 2s}}}\n")
                        .yaml("other.yaml", "mesh: {services: {mySvc: {port: 81}}}\n")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("'my-svc'", "'mySvc'"));
    }
}
