package io.inmesh.spring.boot;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** What may be written under a property prefix: the tree of the records that it is bound to. */
sealed interface PropertySchema {
    /**
     * An object with a closed set of fields.
     *
     * @param fields by name as documented ({@code load-balancer})
     */
    record Fields(Map<String, PropertySchema> fields) implements PropertySchema {
        /** The documented name that relaxed binding takes {@code written} for, null when there is none. */
        @Nullable
        String find(String written) {
            String uniform = uniform(written);
            return fields.keySet().stream()
                    .filter(name -> uniform(name).equals(uniform))
                    .findFirst()
                    .orElse(null);
        }

        PropertySchema field(String name) {
            return java.util.Objects.requireNonNull(fields.get(name));
        }
    }

    /** A list. */
    record Items(PropertySchema element) implements PropertySchema {}

    /** A map whose keys the user chooses. */
    record Keys(PropertySchema value) implements PropertySchema {}

    /** A single value. */
    record Scalar(Class<?> type) implements PropertySchema {}

    /** Name without case and punctuation, the form in which relaxed binding compares. */
    static String uniform(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char ch = name.charAt(i);
            if (Character.isLetterOrDigit(ch)) {
                text.append(ch);
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    /** The schema of a record. */
    static Fields of(Class<? extends Record> type) {
        Map<String, PropertySchema> fields = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            fields.put(dashed(component.getName()), of(ResolvableType.forMethodReturnType(component.getAccessor())));
        }
        return new Fields(fields);
    }

    private static PropertySchema of(ResolvableType type) {
        Class<?> raw = type.toClass();
        if (raw.isRecord()) {
            return of(raw.asSubclass(Record.class));
        }
        if (List.class.isAssignableFrom(raw)) {
            return new Items(of(type.getGeneric(0)));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return new Keys(of(type.getGeneric(1)));
        }
        return new Scalar(raw);
    }

    /** {@code loadBalancer} in the writing of documented names, {@code load-balancer}. */
    static String dashed(String name) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= name.length(); i++) {
            if (i == name.length() || Character.isUpperCase(name.charAt(i))) {
                words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
                start = i;
            }
        }
        return String.join("-", words);
    }
}
