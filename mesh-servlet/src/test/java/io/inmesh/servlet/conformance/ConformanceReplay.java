package io.inmesh.servlet.conformance;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.servlet.conformance.EchoBackends.Received;
import io.inmesh.servlet.conformance.RecordedScenario.Outcome;
import io.inmesh.servlet.conformance.RecordedScenario.Request;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plays scenarios through a gateway and tells where it did otherwise than Istio's. */
final class ConformanceReplay {
    /** On which the recorded gateways listened. */
    static final int PORT = 15280;

    /** Ports of the recorded backends, which stand in the rules. */
    private static final Pattern BACKEND_PORT = Pattern.compile("\\b20\\d\\d\\d\\b");

    private static final Map<Integer, String> BACKENDS = Map.of(
            20001, "reviews-v1",
            20002, "reviews-v2",
            20003, "reviews-v3",
            20011, "ratings-v1",
            20012, "ratings-v2");

    /** The address that the recorder's requests came from, and ours. */
    private static final String RECORDED_CALLER = "192.0.2.2";

    /**
     * What the recordings leave out, and what the transports add for themselves. A caller's x-forwarded-host is not believed
     * here, which is a difference of its own.
     */
    private static final Set<String> UNRECORDED = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-request-id",
            "x-envoy-attempt-count");

    private static final Set<String> RECORDED_OF_ANSWERS = Set.of(
            "location",
            "www-authenticate",
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-allow-headers",
            "access-control-allow-credentials",
            "access-control-expose-headers",
            "access-control-max-age");

    private final EchoBackends backends;

    ConformanceReplay(EchoBackends backends) {
        this.backends = backends;
    }

    /** A mesh that serves the gateways of a scenario. */
    Mesh mesh(RecordedScenario scenario) {
        TextConfigSource rules = new TextConfigSource(
                scenario.name(),
                ConfigReader.sensible().forGateway(),
                Map.of("base.yaml", withPorts(RecordedScenario.base()), "config.yaml", withPorts(scenario.rules())));
        return Mesh.builder()
                .self(WorkloadIdentity.DEFAULT.with("default", Map.of("istio", "ingressgateway")))
                .config(rules)
                .gateway()
                .build();
    }

    private String withPorts(String rules) {
        Matcher ports = BACKEND_PORT.matcher(rules);
        return ports.replaceAll(port -> {
            int recorded = Integer.parseInt(port.group());
            return String.valueOf(backends.port(BACKENDS.getOrDefault(recorded, "port-" + recorded)));
        });
    }

    /** A request with another outcome than the recorded one. */
    record Difference(String name, Request request, Outcome wanted, Outcome got) {}

    /** Empty when there is none. */
    List<Difference> differences(RecordedScenario scenario, ServletContainer gateway) throws IOException {
        List<Difference> differences = new ArrayList<>();
        Map<String, Outcome> expected = scenario.expected();
        for (Request request : scenario.requests()) {
            Outcome wanted = comparable(Objects.requireNonNull(expected.get(request.id())));
            Outcome got = play(request, gateway);
            if (!got.equals(wanted)) {
                differences.add(new Difference(scenario.name() + "/" + request.id(), request, wanted, got));
            }
        }
        return differences;
    }

    private Outcome play(Request request, ServletContainer gateway) throws IOException {
        RawAnswer answer = gateway.exchange(text(request));
        Received received = backends.take();
        Map<String, List<String>> headers = new TreeMap<>();
        String target = "";
        String host = "";
        if (received != null) {
            List<String> lines = received.head().strip().lines().toList();
            target = lines.get(0).split(" ", 3)[1];
            headers.putAll(byName(lines.subList(1, lines.size())));
            host = String.join(" and ", headers.getOrDefault("host", List.of()));
        }
        return new Outcome(
                answer.status(),
                received == null ? "" : received.backend(),
                host,
                target,
                without(headers, UNRECORDED),
                only(byName(answer.headerLines()), RECORDED_OF_ANSWERS));
    }

    /** The recorder's client closed each connection too. */
    private static String text(Request request) {
        StringBuilder text = new StringBuilder();
        text.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        text.append("host: ").append(request.authority()).append("\r\n");
        request.headers()
                .forEach((name, values) -> values.forEach(value -> text.append(name)
                        .append(": ")
                        .append(name.equals("connection") ? "close, " + value : value)
                        .append("\r\n")));
        if (!request.headers().containsKey("connection")) {
            text.append("connection: close\r\n");
        }
        return text.append("\r\n").toString();
    }

    private static Map<String, List<String>> byName(List<String> lines) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), none -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static Outcome comparable(Outcome recorded) {
        Map<String, List<String>> headers = new TreeMap<>();
        recorded.headers()
                .forEach((name, values) -> headers.put(
                        name,
                        values.stream()
                                .map(value -> value.replace(RECORDED_CALLER, "127.0.0.1"))
                                .toList()));
        return new Outcome(
                recorded.status(),
                recorded.backend(),
                recorded.host(),
                recorded.target(),
                without(headers, UNRECORDED),
                withoutQueries(only(recorded.responseHeaders(), RECORDED_OF_ANSWERS)));
    }

    /** A challenge of Envoy's repeats the query, with the token that may stand in it; ours does not. */
    private static Map<String, List<String>> withoutQueries(Map<String, List<String>> headers) {
        headers.computeIfPresent(
                "www-authenticate",
                (name, values) -> values.stream()
                        .map(value -> value.replaceAll("\\?[^\"]*\"", "\""))
                        .toList());
        return headers;
    }

    private static Map<String, List<String>> without(Map<String, List<String>> headers, Set<String> names) {
        Map<String, List<String>> rest = new TreeMap<>(headers);
        rest.keySet().removeAll(names);
        return rest;
    }

    private static Map<String, List<String>> only(Map<String, List<String>> headers, Set<String> names) {
        Map<String, List<String>> rest = new TreeMap<>(headers);
        rest.keySet().retainAll(names);
        return rest;
    }
}
