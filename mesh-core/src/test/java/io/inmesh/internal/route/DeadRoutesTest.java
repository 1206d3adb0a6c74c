package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.PathNormalization;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the checks call a dead route or match, no request reaches when the router runs it. */
class DeadRoutesTest {
    private static final List<String> PATHS = List.of(
            "{prefix: /}",
            "{prefix: /a}",
            "{prefix: /ab}",
            "{prefix: /A}",
            "{exact: /a}",
            "{exact: /AB}",
            "{exact: /ab}",
            "{regex: '.*'}",
            "{regex: '/a.?'}",
            "{regex: '/ab*'}",
            "{regex: '/ab/[0-9]+'}",
            "{regex: '/a|/b'}");
    private static final List<String> TEXTS =
            List.of("{}", "{exact: '1'}", "{exact: '12'}", "{prefix: '1'}", "{regex: '12?'}", "{regex: '1.*'}");

    @Test
    void noRequestReachesWhatIsCalledDead() {
        Random random = new Random(28);
        List<RequestHead> requests = requests();
        int dead = 0;
        int alive = 0;
        for (int round = 0; round < 400; round++) {
            String yaml = rule(random);
            ConfigReader.Result read = ConfigReader.sensible().read("rules.yaml", yaml);
            Set<String> names = new HashSet<>();
            for (ConfigProblem problem : read.problems()) {
                assertThat(problem.check())
                        .as("%s", problem)
                        .isIn(ConfigCheck.UNREACHABLE_ROUTE, ConfigCheck.UNREACHABLE_MATCH);
                names.add(problem.path());
            }
            Set<String> reached = reached(read, requests);

            dead += names.size();
            alive += reached.size();
            for (String place : reached) {
                assertThat(names)
                        .as("%s%n%s", yaml, read.problems())
                        .doesNotContain(place, place.substring(0, place.indexOf(".match")));
            }
        }
        assertThat(dead).isGreaterThan(300);
        assertThat(alive).isGreaterThan(300);
    }

    private static Set<String> reached(ConfigReader.Result read, List<RequestHead> requests) {
        RouteTable table = new RouteCompiler(
                        WorkloadIdentity.DEFAULT, read.config().virtualServices(), Map.of(), new ArrayList<>())
                .compile();
        Set<String> reached = new HashSet<>();
        for (RequestHead head : requests) {
            VirtualHost host = table.find(head);
            assertThat(host).isNotNull();
            String path = PathNormalization.BASE.canonical(head.pathAndQuery());
            CompiledRoute route = host.sequence().first(head, path, PathNormalization.pathEnd(path));
            if (route != null) {
                reached.add(route.name().replace("r", "spec.http[").replace(".", "].match[") + "]");
            }
        }
        return reached;
    }

    private static List<RequestHead> requests() {
        List<RequestHead> requests = new ArrayList<>();
        for (String path : List.of("/", "/a", "/A", "/ab", "/AB", "/aB", "/ab/7", "/b", "/abb", "/a?x=1")) {
            for (String value : List.of("", "1", "12", "2")) {
                for (String method : List.of("GET", "POST")) {
                    requests.add(SimpleRequestHead.of(
                            method,
                            "http://h.example.com" + path,
                            value.isEmpty() ? Map.of() : Map.of("x", List.of(value))));
                }
            }
        }
        return requests;
    }

    private static String rule(Random random) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v}
                spec:
                  hosts: [h.example.com]
                  http:
                """);
        for (int i = 0; i < 2 + random.nextInt(4); i++) {
            yaml.append("  - {name: r").append(i).append(", redirect: {uri: /}, match: [");
            for (int j = 0; j < 1 + random.nextInt(2); j++) {
                yaml.append("{name: '").append(j).append('\'');
                if (random.nextInt(4) > 0) {
                    yaml.append(", uri: ").append(pick(random, PATHS));
                    yaml.append(random.nextInt(4) == 0 ? ", ignoreUriCase: true" : "");
                }
                yaml.append(random.nextInt(4) == 0 ? ", headers: {x: " + pick(random, TEXTS) + "}" : "");
                yaml.append(random.nextInt(6) == 0 ? ", withoutHeaders: {x: " + pick(random, TEXTS) + "}" : "");
                yaml.append(random.nextInt(6) == 0 ? ", method: {exact: GET}" : "");
                yaml.append("}, ");
            }
            yaml.append("]}\n");
        }
        return yaml.toString();
    }

    private static String pick(Random random, List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
