package io.inmesh.okhttp.traffic;

import com.google.gson.Gson;
import io.inmesh.config.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Plays recorded scenarios of failing calls ({@code .ci/conformance-traffic}), writes {@code actual.jsonl} for each in the
 * form of {@code expected.jsonl}, and tells where the two differ, where there are both.
 */
final class ConformancePlayer {
    private static final String USAGE = """
            usage: conformance-traffic [--into DIR] [--address ADDRESS] FOLDER [NAME...]
            Plays the scenarios in FOLDER, or those with these names (a last * stands for anything), and writes
            NAME/actual.jsonl beside their steps, or into DIR. FOLDER may be a scenario itself. Its backends listen at
            ADDRESS, 127.0.0.1 unless told, at the ports that base.yaml and config.yaml name (21xxx).""";

    private final Gson gson = new Gson();
    private final PrintStream out;
    private int steps;
    private int agreeing;

    private ConformancePlayer(PrintStream out) {
        this.out = out;
    }

    /** Exits with 1 when something differs, with 2 when something cannot be played. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        String into = option(words, "--into");
        String address = option(words, "--address");
        if (words.isEmpty() || words.get(0).startsWith("-")) {
            System.err.println(USAGE);
            System.exit(2);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int code = new ConformancePlayer(out)
                .play(
                        Path.of(words.get(0)),
                        words.subList(1, words.size()),
                        into == null ? null : Path.of(into),
                        address == null ? "127.0.0.1" : address);
        System.exit(code);
    }

    private static @Nullable String option(List<String> words, String name) {
        int at = words.indexOf(name);
        if (at < 0 || at + 1 >= words.size()) {
            return null;
        }
        String value = words.remove(at + 1);
        words.remove(at);
        return value;
    }

    private int play(Path folder, List<String> names, @Nullable Path into, String address)
            throws IOException, InterruptedException {
        int scenarios = 0;
        int differing = 0;
        int broken = 0;
        for (RecordedScenario scenario : RecordedScenario.in(folder)) {
            if (!names.isEmpty() && names.stream().noneMatch(name -> matches(name, scenario.name()))) {
                continue;
            }
            scenarios++;
            try {
                if (scenarios == 1) {
                    warmUp(scenario, address);
                }
                List<String> differences =
                        play(scenario, into == null ? scenario.folder() : into.resolve(scenario.name()), address);
                differing += differences.isEmpty() ? 0 : 1;
                String verdict = !scenario.hasExpected() ? "played" : differences.isEmpty() ? "agrees" : "differs";
                out.println(scenario.name() + ": " + verdict);
                differences.forEach(difference -> out.println("  " + difference));
            } catch (ConfigException refused) {
                broken++;
                out.println(scenario.name() + ": cannot be played: " + refused.getMessage());
            }
        }
        out.printf(
                "%d scenarios, %d with differences, %d not played; %d of %d steps agree%n",
                scenarios, differing, broken, agreeing, steps);
        return broken > 0 || scenarios == 0 ? 2 : differing > 0 ? 1 : 0;
    }

    /**
     * A first call loads classes for as long as timeouts of scenarios last, and sweeps of ejected hosts begin with the mesh: the
     * proxy that was recorded had run before.
     */
    private static void warmUp(RecordedScenario scenario, String address) throws IOException, InterruptedException {
        try (ScenarioPlayer cold = new ScenarioPlayer(scenario, address)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            do {
                cold.play(scenario.steps().get(0));
            } while (System.nanoTime() < end);
        }
    }

    private static boolean matches(String name, String scenario) {
        return name.endsWith("*") ? scenario.startsWith(name.substring(0, name.length() - 1)) : scenario.equals(name);
    }

    private List<String> play(RecordedScenario scenario, Path into, String address)
            throws IOException, InterruptedException {
        PlayedScenario played = PlayedScenario.play(scenario, address);
        steps += played.compared();
        agreeing += played.agreeing();
        Files.createDirectories(into);
        StringBuilder lines = new StringBuilder();
        played.lines().forEach(line -> lines.append(gson.toJson(line)).append('\n'));
        Files.writeString(into.resolve("actual.jsonl"), lines);
        return played.differences();
    }
}
