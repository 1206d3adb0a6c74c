package io.inmesh.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.Ejection;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.Overflow;
import io.inmesh.observe.StartedCall;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tables of docs/observability.md say what is emitted, and nothing else. */
class DocumentedMetricsTest {
    private static final Path PAGE = Path.of("..", "docs", "observability.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void theMeshsOwn() throws IOException {
        MeshMetrics metrics = MeshMetrics.of(registry);
        Mesh mesh = leaks.watch(new MeteredMesh().builder().observer(metrics).build());
        metrics.bindTo(mesh);
        retriedCall(mesh);
        metrics.callStarted(new StartedCall(
                        ScriptedExchange.get(MeteredMesh.URL).head(),
                        StartedCall.Handling.FORWARDED,
                        "",
                        "",
                        "outbound|9080||" + MeteredMesh.REVIEWS))
                .overflowed(Overflow.REQUESTS);
        metrics.callStarted(new StartedCall(
                        ScriptedExchange.get(MeteredMesh.URL).head(),
                        StartedCall.Handling.FORWARDED,
                        "",
                        "",
                        "outbound|9080||" + MeteredMesh.REVIEWS))
                .hedged(HedgeResult.WON);
        metrics.copyEnded(new EndedCopy(
                "default/reviews", "outbound|9080||" + MeteredMesh.REVIEWS, EndedCopy.Result.ANSWERED, 200));
        metrics.hostEjected(Ejection.builder(
                        "outbound|80||a", Endpoint.builder("a", "127.0.0.1", 80).build())
                .between(Instant.EPOCH, Instant.EPOCH)
                .build());

        Set<String> emitted = registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> told(
                        id.getName(),
                        kind(id.getType()),
                        id.getTags().stream().map(Tag::getKey).toList(),
                        String.valueOf(id.getBaseUnit())))
                .collect(Collectors.toSet());

        assertThat(rows("### The mesh's own", 5)
                        .map(row ->
                                told(codes(row[0]).get(0), row[1], codes(row[2]), row[3].isEmpty() ? "null" : row[3]))
                        .collect(Collectors.toSet()))
                .isEqualTo(emitted);
    }

    @Test
    void istios() throws IOException {
        IstioMetrics metrics =
                IstioMetrics.builder(registry, WorkloadIdentity.DEFAULT).build();
        retriedCall(leaks.watch(new MeteredMesh().builder().observer(metrics).build()));

        assertThat(rows("### Istio's", 4)
                        .map(row -> codes(row[0]).get(0) + " " + row[2])
                        .collect(Collectors.toSet()))
                .isEqualTo(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName() + " "
                                + (meter.getId().getBaseUnit() == null
                                        ? ""
                                        : meter.getId().getBaseUnit()))
                        .collect(Collectors.toSet()));
        Set<String> labels =
                rows("### Istio's", 2).flatMap(row -> codes(row[0]).stream()).collect(Collectors.toSet());
        assertThat(registry.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getTags())
                        .extracting(Tag::getKey)
                        .containsExactlyInAnyOrderElementsOf(labels));
    }

    private static void retriedCall(Mesh mesh) throws IOException {
        mesh.execute(ScriptedExchange.get(MeteredMesh.URL, attempt -> {
                    if (attempt.number() == 1) {
                        throw new ConnectException("refused");
                    }
                    return Reply.of(200, "");
                }))
                .close();
    }

    private static String told(String name, String kind, List<String> tags, String unit) {
        return name + " " + kind + " " + new TreeSet<>(tags) + " " + unit;
    }

    private static String kind(Meter.Type type) {
        return switch (type) {
            case TIMER -> "timer";
            case COUNTER -> "counter";
            case GAUGE -> "gauge";
            default -> type.name();
        };
    }

    /** Rows of the tables of a section that have so many columns, without their heads. */
    private static Stream<String[]> rows(String section, int columns) throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(section + "\n") + section.length();
        int end = page.indexOf("\n##", begin);
        return page.substring(begin, end)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1, line.length() - 1).split("\\|", -1))
                .filter(cells -> cells.length == columns)
                .map(cells -> Arrays.stream(cells).map(String::strip).toArray(String[]::new));
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map(MatchResult::group)
                .map(DocumentedMetricsTest::bare)
                .toList();
    }

    private static String bare(String code) {
        return code.replace("`", "");
    }
}
