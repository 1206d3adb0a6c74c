package io.inmesh.internal.text;

import java.util.Map;

/**
 * Names of fields in other configuration languages whose meaning has another name in this one.
 *
 * @param language name of this language, for messages
 * @param words name in this language, by the other name
 */
public record OtherWords(String language, Map<String, String> words) {
    static final OtherWords NONE = new OtherWords("", Map.of());

    /** Copies the map. */
    public OtherWords {
        words = Map.copyOf(words);
    }
}
