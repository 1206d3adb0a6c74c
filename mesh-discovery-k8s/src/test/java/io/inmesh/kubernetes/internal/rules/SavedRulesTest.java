package io.inmesh.kubernetes.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class SavedRulesTest {
    private static final String RULE = """
            {"resource": "VIRTUAL_SERVICE", "object": {"metadata": {"name": "%s", "namespace": "shop"}}}""";

    @Test
    void whatAnotherVersionOfInMeshHasWrittenIsLeftOut() {
        String section = "[" + RULE.formatted("a") + ", " + RULE.replace("VIRTUAL_SERVICE", "SIDECAR") + ", 5, "
                + RULE.formatted("b") + "]";

        assertThat(SavedRules.read(JsonParser.parseString(section)))
                .extracting(rule -> rule.object().key().name())
                .containsExactly("a", "b");
    }

    @Test
    void aSectionThatIsNoListHasNoRules() {
        assertThat(SavedRules.read(JsonParser.parseString("{}"))).isEmpty();
        assertThat(SavedRules.read(JsonParser.parseString("null"))).isEmpty();
    }
}
