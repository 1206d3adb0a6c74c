package io.inmesh.spring.boot;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Compares one written value with the type that it is to have. */
final class ScalarCheck {
    /** What is wrong and what to do. */
    record Verdict(String message, String fix) {}

    private ScalarCheck() {}

    /**
     * Checks.
     *
     * @param value as the property source holds it; a source that reads YAML has made Booleans and numbers by then
     * @param list whether the value may hold several, parted by commas
     * @return null when it is good
     */
    static @Nullable Verdict check(Environment environment, Object value, Class<?> type, boolean list) {
        boolean raw = value instanceof Boolean || value instanceof Number;
        if (raw && (type == String.class || type.isEnum())) {
            return new Verdict(
                    "YAML reads this as the " + (value instanceof Boolean ? "Boolean " : "number ") + value
                            + ", which may not be what is written",
                    "put the value in quotes");
        }
        String text = environment.resolvePlaceholders(value.toString());
        if (text.isEmpty()) {
            return null;
        }
        if (list) {
            for (String part : text.split(",", -1)) {
                Verdict verdict = convert(part.strip(), type);
                if (verdict != null) {
                    return verdict;
                }
            }
            return null;
        }
        return convert(text, type);
    }

    private static @Nullable Verdict convert(String text, Class<?> type) {
        if (type == Duration.class && text.strip().chars().allMatch(ch -> ch >= '0' && ch <= '9')) {
            return new Verdict("'" + text + "' has no unit", "write " + text + "s or " + text + "ms");
        }
        try {
            ApplicationConversionService.getSharedInstance().convert(text, type);
            return null;
        } catch (ConversionException e) {
            return new Verdict("'" + MessageText.shorten(text) + "' is not " + wanted(type), "");
        }
    }

    private static String wanted(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        if (type == Duration.class) {
            return "a duration such as 500ms, 2s or 1m";
        }
        if (type == DataSize.class) {
            return "a size such as 64KB or 10MB";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number";
        }
        return "a number";
    }
}
