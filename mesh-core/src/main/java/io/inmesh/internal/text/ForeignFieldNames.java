package io.inmesh.internal.text;

import java.util.Map;

/**
 * Names of fields in other configuration languages whose meaning has another name in this one.
 *
 * @param language name of this language, for messages
 * @param words name in this language, by the other name
 */
public record ForeignFieldNames(String language, Map<String, String> words) {
    static final ForeignFieldNames NONE = new ForeignFieldNames("", Map.of());

    public ForeignFieldNames {
        words = Map.copyOf(words);
    }
}
