package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.model.DestinationExtras;
import io.inmesh.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The annotations of a DestinationRule that InMesh alone knows; Istio passes over them. */
final class DestinationAnnotations {
    static final String PREFIX = "inmesh.io/";
    private static final String HEDGE = PREFIX + "hedge-after-percentile";
    private static final String BREAKER = PREFIX + "circuit-breaker";
    private static final List<String> KNOWN = List.of(HEDGE, BREAKER);
    private static final int LONGEST_NAME = 253;
    private static final Pattern BELOW_100 = Pattern.compile("[0-9]{1,2}(\\.[0-9]{1,9})?");

    private DestinationAnnotations() {}

    /** @param places of the annotations' values, in order of writing */
    static void check(RuleKind kind, ObjectMeta meta, Map<String, Place> places, ProblemList problems) {
        places.forEach((key, place) -> {
            if (key.startsWith(PREFIX)) {
                check(kind, key, meta.annotations().getOrDefault(key, ""), place, problems);
            }
        });
    }

    private static void check(RuleKind kind, String key, String value, Place place, ProblemList problems) {
        if (kind != RuleKind.DESTINATION_RULE) {
            String fix = KNOWN.contains(key)
                    ? "it belongs on the DestinationRule of the host"
                    : "remove it; those there are belong on a DestinationRule: " + String.join(", ", KNOWN);
            problems.error(place, "the annotation " + MessageText.quote(key) + " is none of a " + kind.kind(), fix);
        } else if (!KNOWN.contains(key)) {
            problems.error(
                    place,
                    "InMesh has no annotation " + MessageText.quote(key),
                    MessageText.didYouMean(key, KNOWN, "those there are: " + String.join(", ", KNOWN)));
        } else if (key.equals(HEDGE) && percentile(value) == null) {
            problems.error(
                    place,
                    MessageText.quote(value) + " is no percentile to hedge after",
                    "write a number above 0 and below 100, in quotes, such as \"95\"");
        } else if (key.equals(BREAKER) && value.isBlank()) {
            problems.error(place, "the circuit breaker has no name", "write the name, or remove the annotation");
        } else if (key.equals(BREAKER)
                && (value.length() > LONGEST_NAME || value.chars().anyMatch(Character::isISOControl))) {
            problems.error(
                    place,
                    MessageText.quote(value) + " is no name of a circuit breaker",
                    "write at most " + LONGEST_NAME + " characters, without line breaks and control characters");
        }
    }

    /** What checked annotations ask for. */
    static DestinationExtras extras(ObjectMeta meta) {
        String percentile = meta.annotations().get(HEDGE);
        String breaker = meta.annotations().get(BREAKER);
        return percentile == null && breaker == null
                ? DestinationExtras.NONE
                : new DestinationExtras(
                        percentile == null ? null : percentile(percentile), breaker == null ? null : breaker.strip());
    }

    private static @Nullable Double percentile(String text) {
        if (!BELOW_100.matcher(text).matches()) {
            return null;
        }
        double percentile = Double.parseDouble(text);
        return percentile > 0 ? percentile : null;
    }
}
