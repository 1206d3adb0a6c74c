package io.inmesh.okhttp.traffic;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scenario that was played, beside its recording.
 *
 * @param lines a step each, in the recorded form
 * @param differences in words, with the step
 * @param compared how many steps were recorded
 * @param agreeing how many of them do not differ
 */
record PlayedScenario(List<JsonObject> lines, List<String> differences, int compared, int agreeing) {
    /**
     * Plays all steps in order.
     *
     * @param address of loopback, at which backends listen
     */
    static PlayedScenario play(RecordedScenario scenario, String address) throws IOException, InterruptedException {
        Map<String, JsonObject> expected = scenario.hasExpected() ? scenario.expected() : Map.of();
        Set<String> byChance = scenario.byChance();
        List<JsonObject> lines = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        int compared = 0;
        int agreeing = 0;
        try (ScenarioPlayer player = new ScenarioPlayer(scenario, address)) {
            for (RecordedStep step : scenario.steps()) {
                JsonObject played = player.play(step);
                lines.add(played);
                JsonObject recorded = expected.get(step.id());
                if (recorded != null) {
                    List<String> here = StepComparison.differences(byChance.contains(step.id()), recorded, played);
                    compared++;
                    agreeing += here.isEmpty() ? 1 : 0;
                    here.forEach(difference -> differences.add("step " + step.id() + ": " + difference));
                }
            }
        }
        return new PlayedScenario(lines, differences, compared, agreeing);
    }
}
