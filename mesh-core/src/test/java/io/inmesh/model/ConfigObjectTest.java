package io.inmesh.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigObjectTest {
    private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NEW = Instant.parse("2026-01-02T00:00:00Z");

    @Test
    void theOldestComesFirstThenTheFirstByNameThenByNamespace() {
        List<ConfigObject> inOrder = List.of(
                rule("z", "z", null),
                rule("b", "a", OLD),
                rule("a", "b", OLD),
                rule("c", "b", OLD),
                rule("a", "a", NEW));
        List<ConfigObject> sorted = new ArrayList<>(
                List.of(inOrder.get(3), inOrder.get(4), inOrder.get(2), inOrder.get(1), inOrder.get(0)));

        sorted.sort(ConfigObject.OLDEST_FIRST);

        assertThat(sorted).containsExactlyElementsOf(inOrder);
    }

    @Test
    void objectsOfOneNameStayInTheOrderOfTheirSources() {
        ConfigObject first = rule("a", "a", OLD);
        ConfigObject second = rule("a", "a", OLD);

        assertThat(ConfigObject.OLDEST_FIRST.compare(first, second)).isZero();
        assertThat(first.precedes(second)).isEqualTo("was read first");
    }

    @Test
    void saysWhatPutsAnObjectBeforeAnother() {
        assertThat(rule("a", "a", null).precedes(rule("a", "a", OLD)))
                .isEqualTo("has no time of creation and so comes first");
        assertThat(rule("b", "b", OLD).precedes(rule("a", "a", NEW))).isEqualTo("is older");
        assertThat(rule("b", "a", OLD).precedes(rule("a", "b", OLD))).isEqualTo("comes first by name");
        assertThat(rule("a", "a", OLD).precedes(rule("b", "a", OLD))).isEqualTo("comes first by namespace");
    }

    private static ConfigObject rule(String namespace, String name, Instant created) {
        ObjectMeta meta = new ObjectMeta(namespace, name, created, Map.of(), Map.of(), Origin.NONE);
        return new VirtualService(meta, List.of("reviews"), List.of(), List.of(), List.of());
    }
}
