package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/**
 * Plays what a real sidecar did with calls that fail, over real sockets through OkHttp. The recordings are not part of the
 * project: they are read where they are, beside the checkout or named by a property. Scenarios mostly wait, so several are
 * played at a time, each with backends at an address of its own.
 */
@Tag("one-jdk")
class ConformanceTrafficTest {
    private static final Path RECORDED =
            Path.of(System.getProperty("inmesh.conformance.traffic", "../../shared/data/conformance-traffic"));

    /** Consistent hashing and localities are not executed yet. */
    private static final List<String> OTHERS = List.of("hash-", "locality-");

    /** Ten calls fail at once, and which of them is judged while others still count as active is chance. */
    private static final String BY_CHANCE = "retry-budget";

    private static final boolean MANY_ADDRESSES =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");

    @TestFactory
    Stream<DynamicTest> callsFailAsTheyDoBehindASidecar() {
        if (!Files.isDirectory(RECORDED)) {
            LoggerFactory.getLogger(ConformanceTrafficTest.class)
                    .info("Left out: recorded scenarios of failing calls, for lack of {}", RECORDED);
            return Stream.empty();
        }
        ExecutorService players = Executors.newFixedThreadPool(MANY_ADDRESSES ? 8 : 1);
        Map<RecordedScenario, Future<PlayedScenario>> played = new LinkedHashMap<>();
        for (RecordedScenario scenario : RecordedScenario.in(RECORDED)) {
            if (!scenario.name().equals(BY_CHANCE)
                    && OTHERS.stream().noneMatch(other -> scenario.name().startsWith(other))) {
                String address = address(played.size());
                played.put(scenario, players.submit(() -> PlayedScenario.play(scenario, address)));
            }
        }
        List<DynamicTest> tests = new ArrayList<>();
        played.forEach((scenario, result) ->
                tests.add(DynamicTest.dynamicTest(scenario.name(), () -> compare(scenario, result.get()))));
        return tests.stream().onClose(players::shutdownNow);
    }

    private static void compare(RecordedScenario scenario, PlayedScenario played)
            throws IOException, InterruptedException {
        List<String> differences = played.differences();
        if (!differences.isEmpty()) {
            // Steps have times, which a busy machine may not keep: what differs is played once more.
            LoggerFactory.getLogger(ConformanceTrafficTest.class).info("{} again: {}", scenario.name(), differences);
            differences = PlayedScenario.play(scenario, address(200)).differences();
        }
        assertThat(differences).isEmpty();
    }

    /** Of loopback, this process's own where the whole of 127/8 is. */
    private static String address(int index) {
        long process = ProcessHandle.current().pid();
        return MANY_ADDRESSES
                ? "127.%d.%d.%d".formatted(64 + (process >> 8) % 64, process % 256, index + 1)
                : "127.0.0.1";
    }
}
