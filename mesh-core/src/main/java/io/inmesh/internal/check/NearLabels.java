package io.inmesh.internal.check;

import io.inmesh.internal.text.MessageText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Labels that a selector nearly has. Pure functions. */
final class NearLabels {
    private static final int SHORTEST_VALUE = 4;

    /** Values that many labels have. */
    private static final Set<String> COMMON = Set.of("true", "false", "enabled", "disabled", "default", "none");

    private NearLabels() {}

    /**
     * A slip in a selector.
     *
     * @param wanted {@code key: value} as selected
     * @param meant {@code key: value} as there
     */
    record Slip(String wanted, String meant) {}

    /** The one label of a selector that a workload has under another name, or with another letter; null for none. */
    static @Nullable Slip between(Map<String, String> selector, Map<String, String> labels) {
        List<Map.Entry<String, String>> missing = selector.entrySet().stream()
                .filter(label -> !label.getValue().equals(labels.get(label.getKey())))
                .toList();
        @Nullable String meant = missing.size() == 1 ? meant(missing.get(0), labels) : null;
        return meant == null ? null : new Slip(text(missing.get(0)), meant);
    }

    private static @Nullable String meant(Map.Entry<String, String> wanted, Map<String, String> labels) {
        String value = wanted.getValue();
        @Nullable String other = labels.get(wanted.getKey());
        if (other != null) {
            boolean variant = other.replaceAll("[0-9]", "").equals(value.replaceAll("[0-9]", ""));
            return variant
                            || Math.abs(other.length() - value.length()) > 1
                            || MessageText.misspelt(value, List.of(other)) == null
                    ? null
                    : text(Map.entry(wanted.getKey(), other));
        }
        return labels.entrySet().stream()
                .filter(label ->
                        label.getValue().equals(value) && value.length() >= SHORTEST_VALUE && !COMMON.contains(value))
                .map(NearLabels::text)
                .sorted()
                .findFirst()
                .orElse(null);
    }

    private static String text(Map.Entry<String, String> label) {
        return label.getKey() + ": " + label.getValue();
    }
}
