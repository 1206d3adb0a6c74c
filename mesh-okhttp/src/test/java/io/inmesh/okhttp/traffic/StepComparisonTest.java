package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A difference is found where there is one, and nowhere else. */
class StepComparisonTest {
    private static final String ANSWER = "{'status': 200, 'ms': 3, 'attempts': [{'backend': 'v1'}]}";
    private static final String FAILURE =
            "{'status': 503, 'flags': 'URX,UC', 'ms': 9, 'attempts': [{'backend': 'v1'}, {'backend': 'v2'}]}";

    @Test
    void orderTimesAndBackendsAreChance() {
        assertThat(differences(
                        false,
                        results(ANSWER, FAILURE),
                        results(FAILURE.replace("URX,UC", "UC,URX").replace("v2", "v3"), ANSWER.replace("3", "30"))))
                .isEmpty();
    }

    @Test
    void statusFlagsNumberOfAttemptsAndCutBodiesCount() {
        String recorded = results(ANSWER, FAILURE);

        assertThat(differences(false, recorded, results(ANSWER, ANSWER)))
                .singleElement()
                .asString()
                .contains("answers");
        assertThat(differences(false, recorded, results(ANSWER, FAILURE.replace(",UC", ""))))
                .hasSize(1);
        assertThat(differences(false, recorded, results(ANSWER, FAILURE.replace("503", "504"))))
                .hasSize(1);
        assertThat(differences(false, recorded, results(ANSWER.replace("[{", "[{}, {"), FAILURE)))
                .hasSize(1);
        assertThat(differences(false, recorded, results(ANSWER.replace("'ms'", "'body': 'cut', 'ms'"), FAILURE)))
                .hasSize(1);
    }

    @Test
    void ofAStepOfChanceOnlyTheKindsCount() {
        String recorded = results(ANSWER, ANSWER, FAILURE);

        assertThat(differences(true, recorded, results(ANSWER, FAILURE, FAILURE)))
                .isEmpty();
        assertThat(differences(true, recorded, results(ANSWER, ANSWER, ANSWER))).hasSize(1);
    }

    @Test
    void anInjectedDelayIsToldByItsFlag() {
        assertThat(differences(false, results(ANSWER.replace("'ms'", "'flags': 'DI', 'ms'")), results(ANSWER)))
                .hasSize(1);
    }

    @Test
    void ejectedHostsAreComparedByName() {
        String none = "{'hosts': {'c': {}}, 'results': []}";
        String one = "{'hosts': {'c': {'21001': {'ejected': true}, '21002': {'weight': 2}}}, 'results': []}";

        assertThat(differences(false, one, one)).isEmpty();
        assertThat(differences(false, one, none)).singleElement().asString().contains("c 21001");
        assertThat(differences(true, one, one.replace("21001", "21003"))).isEmpty();
        assertThat(differences(true, one, none)).hasSize(1);
    }

    @Test
    void sharesMayDifferAsSamplesDo() {
        assertThat(differences(false, counts(150, 150), counts(170, 130))).isEmpty();
        assertThat(differences(false, counts(150, 150), counts(250, 50))).hasSize(2);
    }

    @Test
    void whatWasReceivedInFullIsCompared() {
        String full =
                "{'status': 200, 'attempts': [{'method': 'GET', 'uri': '/a', 'host': 'r', 'headers': {}, 'body': 0}]}";

        assertThat(differences(false, results(full), results(full))).isEmpty();
        assertThat(differences(false, results(full), results(full.replace("/a", "/b"))))
                .singleElement()
                .asString()
                .contains("GET /b");
    }

    private static List<String> differences(boolean byChance, String recorded, String played) {
        return StepComparison.differences(byChance, json(recorded), json(played));
    }

    private static String results(String... results) {
        return "{'hosts': {}, 'results': [" + String.join(", ", results) + "]}";
    }

    private static String counts(int one, int other) {
        return "{'hosts': {}, 'counts': {'v1:200': %d, 'v2:200': %d}}".formatted(one, other);
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }
}
