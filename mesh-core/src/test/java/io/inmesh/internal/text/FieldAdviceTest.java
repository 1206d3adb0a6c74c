package io.inmesh.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Misplaced fields: the advice names the place, and the file is accepted once the advice is followed to the letter. */
class FieldAdviceTest {
    private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|([^.\\[\\]]+)");

    private final ConfigReader reader = ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # one level too deep
            route: [{destination: {host: a, weight: 50}}, {destination: {host: b}, weight: 50}] | spec.http[0].route[0].weight
            route: [{destination: {host: a, timeout: 5s}}] | spec.http[0].timeout
            match: [{uri: {prefix: /a}, route: [{destination: {host: a}}]}] | spec.http[0].route
            route: [{destination: {host: a}, retries: {attempts: 0}}] | spec.http[0].retries
            route: [{destination: {host: a}, match: [{uri: {prefix: /a}}]}] | spec.http[0].match
            route: [{destination: {host: a, headers: {request: {remove: [x]}}}}] | spec.http[0].route[0].headers
            route: [{destination: {host: a}, fault: {abort: {httpStatus: 503, percentage: {value: 1}}}}] | spec.http[0].fault
            # one level too high
            route: [{host: a}] | spec.http[0].route[0].destination.host
            route: [{destination: , host: a}] | spec.http[0].route[0].destination.host
            route: [{destination: {host: a}, subset: v1}] | spec.http[0].route[0].destination.subset
            route: [{destination: {host: a}, port: 80}] | spec.http[0].route[0].destination.port.number
            route: [{destination: {host: a}, port: {number: 80}}] | spec.http[0].route[0].destination.port
            {uri: {prefix: /a}, match: [{method: {exact: GET}}], route: [{destination: {host: a}}]} | spec.http[0].match[0].uri
            {route: [{destination: {host: a}}], retryOn: 5xx, retries: {attempts: 1}} | spec.http[0].retries.retryOn
            {route: [{destination: {host: a}}], per_try_timeout: 1s, retries: {attempts: 1}} | spec.http[0].retries.perTryTimeout
            {route: [{destination: {host: a}}], fault: {httpStatus: 503}} | spec.http[0].fault.abort.httpStatus
            {route: [{destination: {host: a}}], fixedDelay: 5s} | spec.http[0].fault.delay.fixedDelay
            # beside
            {route: [{destination: {host: a}}], retries: {attempts: 1}, fault: {perTryTimeout: 1s, delay: {fixedDelay: 1s, percentage: {value: 1}}}} | spec.http[0].retries.perTryTimeout
            # a longer name
            {route: [{destination: {host: a}}], fault: {abort: {httpStatus: 503, percent: 50}}} | percentage.value
            {route: [{destination: {host: a}}], fault: {delay: {fixedDelay: 1s, percentage: {value: 1}}, abort: {httpStatus: 503, percent: 50}}} | percentage.value
            """)
    void aMisplacedFieldOfARouteIsAcceptedWhereTheAdviceSays(String route, String place) {
        String fields = route.startsWith("{") ? route.substring(1, route.length() - 1) : route;
        follow("VirtualService", "{hosts: [a], http: [{" + fields + "}]}", place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            VirtualService | {hosts: [a], route: [{destination: {host: a}}], http: [{name: x}]} | spec.http[0].route
            VirtualService | {hosts: [a], timeout: 5s, http: [{route: [{destination: {host: a}}]}]} | spec.http[0].timeout
            VirtualService | {http: [{route: [{destination: {host: a}}], hosts: [a]}]} | spec.hosts
            VirtualService | {hosts: [a], namespace: prod, http: [{route: [{destination: {host: a}}]}]} | metadata.namespace
            DestinationRule | {host: a, loadBalancer: {simple: RANDOM}} | spec.trafficPolicy.loadBalancer
            DestinationRule | {host: a, trafficPolicy: {simple: RANDOM}} | spec.trafficPolicy.loadBalancer.simple
            DestinationRule | {host: a, trafficPolicy: {maxConnections: 5}} | spec.trafficPolicy.connectionPool.tcp.maxConnections
            DestinationRule | {host: a, trafficPolicy: {loadBalancer: {simple: RANDOM, outlierDetection: {interval: 5s}}}} | spec.trafficPolicy.outlierDetection
            DestinationRule | {host: a, subsets: [{name: v1, labels: {v: "1"}, loadBalancer: {simple: RANDOM}}]} | spec.subsets[0].trafficPolicy.loadBalancer
            DestinationRule | {host: a, trafficPolicy: {loadBalancer: {simple: RANDOM}, subsets: [{name: v1, labels: {v: "1"}}]}} | spec.subsets
            ServiceEntry | {hosts: [a.b], ports: [{number: 80, name: http, protocol: HTTP, resolution: DNS}]} | spec.resolution
            ServiceEntry | {hosts: [a.b], resolution: STATIC, workloadSelector: {matchLabels: {app: a}}} | labels
            ServiceEntry | {hosts: [a.b], ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC, address: 10.0.0.1} | spec.endpoints[0].address
            """)
    void aMisplacedFieldOfARuleIsAcceptedWhereTheAdviceSays(String kind, String spec, String place) {
        follow(kind, spec, place);
    }

    private void follow(String kind, String spec, String place) {
        Map<String, Object> object = object(kind, spec);
        List<ConfigProblem> problems = reader.readTree("test", object).problems();
        ConfigProblem unknown = problems.stream()
                .filter(problem -> problem.message().startsWith("unknown field"))
                .findFirst()
                .orElseThrow();
        boolean renamed = unknown.fix().startsWith("write it as ");
        assertThat(unknown.fix())
                .matches((renamed ? "write it as " : "move it to ") + Pattern.quote(place) + "( or .*)?");

        Object value = remove(object, unknown.path());
        String target = renamed ? unknown.path().replaceAll("[^.]*$", "") + place : place;
        put(object, target, value);

        ConfigReader.Result mended = reader.readTree("test", object);
        assertThat(mended.problems()).noneMatch(ConfigProblem::isError);
        assertThat(mended.objects()).hasSize(1);
    }

    @Test
    void whatIsGivenAtItsPlaceAlreadyIsToBeRemoved() {
        assertThat(fixes(
                        "VirtualService",
                        "{hosts: [a], http: [{route: [{destination: {host: a, timeout: 1s}}], timeout: 2s}]}"))
                .containsExactly("remove it: spec.http[0].timeout is given already");
    }

    @Test
    void severalPlacesAreAllNamedThoseWithSomethingWrittenFirst() {
        assertThat(fixes("VirtualService", "{hosts: [a], http: [{host: a, route: [{destination: {}}]}]}"))
                .first()
                .isEqualTo("move it to spec.http[0].route[0].destination.host or spec.http[0].mirror.host"
                        + " or spec.http[0].mirrors[0].destination.host");
        assertThat(
                        fixes(
                                "VirtualService",
                                "{hosts: [a], http: [{route: [{destination: {host: a}}], retries: {attempts: 1, timeout: 5s}}]}"))
                .first()
                .isEqualTo("write it as perTryTimeout, or move it to spec.http[0].timeout");
    }

    @Test
    void fieldsOfTheSpecAndOfTheMetadataAtTheTopAreSentWhereTheyBelong() {
        Map<String, Object> object =
                object("VirtualService", "{hosts: [a], http: [{route: [{destination: {host: a}}]}]}");
        object.put("gateways", List.of("mesh"));
        object.put("namespace", "prod");

        assertThat(reader.readTree("test", object).problems())
                .extracting(ConfigProblem::path, ConfigProblem::fix)
                .containsExactly(
                        Tuple.tuple("gateways", "move it to spec.gateways"),
                        Tuple.tuple("namespace", "move it to metadata.namespace or spec.http[0].delegate.namespace"));
    }

    @Test
    void whatFitsNowhereGetsNoAdviceToRemoveIt() {
        assertThat(fixes(
                        "VirtualService",
                        "{hosts: [a], http: [{route: [{destination: {host: a}}], timeout: 5s, weight: {a: b}}]}"))
                .containsExactly("known are name, match, route, redirect, directResponse, delegate, rewrite, timeout,"
                        + " retries, fault, mirror, mirrors, mirrorPercent, mirrorPercentage, corsPolicy, headers");
    }

    @Test
    void wordsOfOtherProductsGetIstios() {
        assertThat(fixes("VirtualService", "{hosts: [a], http: [{backendRefs: [{name: a}]}]}"))
                .containsExactly("Istio's word for it is \"route\"");
        assertThat(fixes("VirtualService", "{hosts: [a], http: [{route: [{destination: {host: a}}], num_retries: 3}]}"))
                .containsExactly("move it to spec.http[0].retries.attempts");
    }

    private List<String> fixes(String kind, String spec) {
        return reader.readTree("test", object(kind, spec)).problems().stream()
                .map(ConfigProblem::fix)
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String kind, String spec) {
        String text =
                "{apiVersion: networking.istio.io/v1, kind: " + kind + ", metadata: {name: a}, spec: " + spec + "}";
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static @Nullable Object remove(Object root, String path) {
        List<Object> steps = steps(path);
        Object at = root;
        for (Object step : steps.subList(0, steps.size() - 1)) {
            at = step instanceof Integer index
                    ? ((List<?>) at).get(index)
                    : Objects.requireNonNull(((Map<?, ?>) at).get(step));
        }
        return ((Map<?, ?>) at).remove(steps.get(steps.size() - 1));
    }

    /** Makes the maps and lists that are not there. */
    @SuppressWarnings("unchecked")
    private static void put(Object root, String path, @Nullable Object value) {
        List<Object> steps = steps(path);
        Object at = root;
        for (int i = 0; i < steps.size(); i++) {
            boolean last = i + 1 == steps.size();
            Object made =
                    last ? value : steps.get(i + 1) instanceof Integer ? new ArrayList<>() : new LinkedHashMap<>();
            if (steps.get(i) instanceof Integer index) {
                List<Object> list = (List<Object>) at;
                if (list.size() <= index) {
                    list.add(made);
                }
                at = list.get(index);
            } else {
                Map<String, Object> map = (Map<String, Object>) at;
                String key = (String) steps.get(i);
                if (map.get(key) == null) {
                    map.put(key, made);
                }
                at = map.get(key);
            }
        }
    }

    private static List<Object> steps(String path) {
        List<Object> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(path);
        while (matcher.find()) {
            steps.add(matcher.group(1) != null ? Integer.valueOf(matcher.group(1)) : matcher.group(2));
        }
        return steps;
    }
}
